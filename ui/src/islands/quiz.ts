// One question at a time or all together, number keys, a rail that knows what is answered, and answers that are kept as they are given.
import { announce, keepFromHistory, make, makeButton, store, toast } from "../dom";
import { text } from "../messages";
import { island } from "../mount";
import { Card, standing } from "./quiz-cards";
import { Saving, type Standing } from "./quiz-saving";

/** What the server allows after the deadline, and a little more. */
const GRACE_MS = 7_000;
const VIEW_KEY = "codezest:quiz-view";
const KEYS_KEY = "codezest:quiz-keys";

island("form[data-quiz]", (element) => {
  const form = element as HTMLFormElement;
  // A page of one question is for browsers without scripts; with them the whole quiz is one page.
  const cards = [...form.querySelectorAll<HTMLElement>(".question")].map((card) => new Card(card));
  if (form.dataset["only"]) {
    const saves = form.querySelector<HTMLButtonElement>('button[name="to"][value="all"]');
    if (saves && cards.some((card) => card.isChanged)) form.requestSubmit(saves);
    else location.replace(`${location.pathname}#question-${form.dataset["only"]}`);
    return;
  }
  const links = [...form.querySelectorAll<HTMLAnchorElement>(".rail a")];
  const foot = form.querySelector<HTMLElement>(".quiz-foot");
  if (cards.length === 0 || !foot) return;
  const slot = (name: string): Element | null => form.querySelector(`[data-slot="${name}"]`);
  const handIn = foot.querySelector<HTMLButtonElement>('[type="submit"]');
  let current = 0;
  let together = store.get(VIEW_KEY) === "all";

  const saving = form.dataset["save"]
    ? new Saving(form, {
        read: () => standing(cards, cards[current]),
        apply: (kept) => apply(kept),
        say: (state) => {
          const place = slot("state");
          if (place) place.textContent = state;
        },
        elsewhere: (theirs) => offer(theirs),
      })
    : null;

  const watch = (): void => {
    for (const [index, card] of cards.entries()) {
      if (index === current && document.visibilityState === "visible") card.look();
      else card.lookAway();
    }
  };

  const show = (index: number, focus: boolean): void => {
    current = Math.max(0, Math.min(cards.length - 1, index));
    for (const [position, card] of cards.entries()) card.element.hidden = !together && position !== current;
    const address = links[current]?.hash;
    if (address) history.replaceState(history.state, "", address); // a reload comes back to this question
    for (const [position, link] of links.entries()) {
      if (position === current) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    previous.hidden = next.hidden = together;
    previous.disabled = current === 0;
    if (current === cards.length - 1) next.hidden = true;
    // One button stands out: the next question, and handing in once there is none.
    if (handIn) handIn.dataset["kind"] = next.hidden ? "primary" : "secondary";
    watch();
    if (focus) cards[current]?.element.focus();
  };
  const previous = makeButton(text("quiz.previous"), "secondary", () => show(current - 1, true));
  const next = makeButton(text("quiz.next"), "primary", () => show(current + 1, true));
  for (const button of [previous, next]) delete button.dataset["size"];
  foot.prepend(previous, next);

  const refresh = (): void => {
    for (const [position, card] of cards.entries()) {
      const link = links[position];
      if (!link) continue;
      link.toggleAttribute("data-answered", card.answered);
      link.toggleAttribute("data-flagged", card.flagged);
      const states = [text(card.answered ? "quiz.answered" : "quiz.open"), ...(card.flagged ? [text("quiz.flagged")] : [])];
      link.setAttribute("aria-label", `${text("quiz.question", { number: position + 1 })}, ${states.join(", ")}`);
    }
    const count = slot("count");
    const done = cards.filter((card) => card.answered).length;
    if (count) count.textContent = text("quiz.count", { done, total: cards.length });
  };

  const apply = (kept: Standing): void => {
    for (const card of cards) card.show(kept.questions[card.id]);
    refresh();
  };

  /** Another page has gone on: the reader decides which answers count. */
  const offer = (theirs: Standing | null): void => {
    form.querySelector(".quiz-notice")?.remove();
    const take = makeButton(text("quiz.takeTheirs"), "primary", () => {
      if (!theirs) {
        saving?.forget();
        location.reload();
        return;
      }
      apply(theirs);
      saving?.goOn();
      notice.remove();
      cards[current]?.element.focus();
    });
    const keep = makeButton(text("quiz.keepMine"), "secondary", () => {
      saving?.goOn();
      notice.remove();
      cards[current]?.element.focus();
    });
    const buttons = make("div", { class: "row", "data-gap": "2" }, take, keep);
    const notice = make("div", { class: "quiz-notice", role: "status" }, make("p", {}, text("quiz.elsewhere")), buttons);
    form.prepend(notice);
  };

  form.addEventListener("change", (event) => {
    const target = event.target as HTMLInputElement;
    if (!target.name) return; // not of the quiz itself
    const index = cards.findIndex((card) => card.element.contains(target));
    if (together && index >= 0) show(index, false);
    refresh();
    saving?.changed();
  });
  // What is typed is kept as it is typed, not only when the field is left.
  form.addEventListener("input", (event) => {
    if (!(event.target as HTMLElement).matches("[data-entry]")) return;
    refresh();
    saving?.changed();
  });
  form.addEventListener("program-changed", () => {
    refresh();
    saving?.changed();
  });
  form.addEventListener("focusin", (event) => {
    const index = cards.findIndex((card) => card.element.contains(event.target as Node));
    if (together && index >= 0 && index !== current) show(index, false);
  });
  document.addEventListener("visibilitychange", watch);

  const addHidden = (name: string, value: string): void => {
    form.querySelector(`input[type="hidden"][name="${name}"]`)?.remove();
    form.append(make("input", { type: "hidden", name, value }));
  };
  // Handing in with open questions is asked once more; when the time is up, nothing is asked.
  let asked = false;
  let sent = false;
  form.addEventListener("submit", (event) => {
    const open = cards.filter((card) => !card.answered);
    const first = open[0];
    const over = form.dataset["over"] !== undefined;
    if (sent) {
      event.preventDefault();
    } else if (over && saving?.undecided) {
      // The other page hands its answers in; what it has saved counts in any case.
      event.preventDefault();
      window.setTimeout(() => location.assign(location.pathname), GRACE_MS);
    } else if (first && !asked && !over) {
      event.preventDefault();
      asked = true;
      show(cards.indexOf(first), true);
      toast(text(open.length === 1 ? "quiz.oneUnanswered" : "quiz.unanswered", { number: open.length }), "warn");
    } else if (!navigator.onLine) {
      event.preventDefault();
      toast(text("net.offline"), "bad");
    } else {
      sent = true;
      saving?.stop();
      for (const card of cards) addHidden(`seconds-${card.id}`, String(card.seconds));
      if (saving) addHidden("page", saving.page);
      if (over) addHidden("over", "1");
    }
  });
  // Coming back by the browser's own button finds the page as it was left.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = false;
    saving?.resume();
  });

  for (const [position, link] of links.entries()) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(position, true);
    });
  }

  for (const button of form.querySelectorAll<HTMLButtonElement>("[data-view]")) {
    const mark = (): void => button.setAttribute("aria-pressed", String((button.dataset["view"] === "all") === together));
    button.addEventListener("click", () => {
      together = button.dataset["view"] === "all";
      store.set(VIEW_KEY, together ? "all" : "one");
      form.dispatchEvent(new CustomEvent("view-chosen"));
      show(current, false);
    });
    form.addEventListener("view-chosen", mark);
    mark();
  }

  const useKeys = form.querySelector<HTMLInputElement>("[data-use-keys]");
  if (useKeys) {
    useKeys.checked = store.get(KEYS_KEY) !== "off";
    useKeys.addEventListener("change", () => {
      if (useKeys.checked) store.remove(KEYS_KEY);
      else store.set(KEYS_KEY, "off");
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target !== document.body && !form.contains(target)) return;
    const card = cards[current];
    const isInput = target instanceof HTMLInputElement;
    const isAnswer = isInput && target.name.startsWith("answer-");
    const isEntry = target.matches("select[data-entry], textarea[data-entry]") || target.closest("code-editor") !== null;
    // Enter in a field would hand the whole quiz in; here it goes on to the next question.
    if (event.key === "Enter" && (isAnswer || target.matches(".question, [data-flag]"))) {
      event.preventDefault();
      if (current < cards.length - 1) show(current + 1, true);
      else handIn?.focus();
      return;
    }
    const typing = isEntry || (isInput && target.type !== "radio" && target.type !== "checkbox");
    if (typing || !card || (useKeys && !useKeys.checked)) return;
    if (event.key === "f" || event.key === "F") {
      event.preventDefault();
      card.flag?.click();
      announce(text(card.flagged ? "quiz.flagSet" : "quiz.flagGone"));
      return;
    }
    if (!/^[1-9]$/.test(event.key)) return;
    const choice = card.choices[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    choice.focus();
    choice.click();
  });

  // What was chosen before this script came is kept like any other.
  if (saving) {
    keepFromHistory(form);
    saving.restore(Object.fromEntries(cards.filter((card) => card.isChanged).map((card) => [card.id, card.kept])));
  }
  refresh();
  const wanted = links.findIndex((link) => link.hash === location.hash);
  const left = cards.findIndex((card) => card.id === form.dataset["current"]);
  show(Math.max(0, wanted >= 0 ? wanted : left), false);
});
