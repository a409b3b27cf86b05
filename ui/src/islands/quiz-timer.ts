import { announce, toast } from "../dom";
import { text } from "../messages";

const URGENT_SECONDS = 120;
/** Spoken when the time left has come down to these. */
const SPOKEN_MINUTES = [1, 5];

/** Counts down to the server's deadline by the server's clock, speaks rarely, and hands the form in when time is up. */
class QuizTimer extends HTMLElement {
  private timer = 0;
  private spoken = Number.POSITIVE_INFINITY;

  connectedCallback(): void {
    const deadline = Date.parse(this.getAttribute("deadline") ?? "");
    const now = Date.parse(this.getAttribute("now") ?? "");
    if (Number.isNaN(deadline) || Number.isNaN(now)) return;
    // performance.now() keeps counting when the clock of the machine is changed.
    const end = performance.now() + (deadline - now);
    const tick = (): void => {
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      this.show(left);
      if (left === 0) this.over();
      else this.timer = window.setTimeout(tick, 1000 - (performance.now() % 1000));
    };
    tick();
  }

  disconnectedCallback(): void {
    window.clearTimeout(this.timer);
  }

  private show(left: number): void {
    const slot = this.querySelector('[data-slot="time"]');
    const hours = Math.floor(left / 3600);
    const rest = `${String(Math.floor(left / 60) % 60).padStart(hours ? 2 : 1, "0")}:${String(left % 60).padStart(2, "0")}`;
    if (slot) slot.textContent = hours ? `${hours}:${rest}` : rest;
    this.toggleAttribute("data-urgent", left <= URGENT_SECONDS);
    this.speak(left);
  }

  private speak(left: number): void {
    const due = SPOKEN_MINUTES.find((mark) => left <= mark * 60);
    if (due === undefined || due >= this.spoken) return;
    // A page that opens in the middle of a span says nothing of its beginning.
    const passedJustNow = left > due * 60 - 5;
    this.spoken = due;
    if (passedJustNow) announce(due === 1 ? text("quiz.minute") : text("quiz.left", { minutes: due }));
  }

  private over(): void {
    const form = document.getElementById(this.getAttribute("form") ?? "");
    if (!(form instanceof HTMLFormElement) || form.dataset["over"] !== undefined) return;
    form.dataset["over"] = "";
    form.noValidate = true;
    toast(text("quiz.over"), "warn");
    form.requestSubmit();
  }
}

customElements.define("quiz-timer", QuizTimer);
