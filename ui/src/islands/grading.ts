// Grading by hand: lines chosen by their numbers, levels by digits, the total as it comes about, and a claim that lasts as long as
// the page is open. The page works without any of it.
import { announce } from "../shared";

const HOLD_MS = 5 * 60_000;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");

/** Line numbers fill in the form below their file; Shift goes on to another line. */
export function remarkForm(form: HTMLElement): void {
  const file = form.previousElementSibling;
  const first = form.querySelector<HTMLInputElement>("[data-first-line]");
  const last = form.querySelector<HTMLInputElement>("[data-last-line]");
  if (!(file instanceof HTMLElement) || !first || !last) return;

  const mark = (): void => {
    const from = Number(first.value);
    const to = Number(last.value || first.value);
    for (const line of file.querySelectorAll<HTMLElement>("[data-line]")) {
      const number = Number(line.dataset["line"]);
      line.toggleAttribute("data-chosen", from > 0 && number >= Math.min(from, to) && number <= Math.max(from, to));
    }
  };
  file.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLElement>("[data-line-number]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const number = link.textContent ?? "";
    if (event.shiftKey && first.value) last.value = number;
    else first.value = last.value = number;
    mark();
    form.querySelector<HTMLTextAreaElement>("[data-remark-text]")?.focus();
  });
  for (const field of [first, last]) field.addEventListener("input", mark);
  mark();
}

function pointsOf(criterion: HTMLElement): number | null {
  const own = criterion.querySelector<HTMLInputElement>("[data-own-points]")?.value.trim();
  if (own) return Number(own);
  const chosen = criterion.querySelector<HTMLInputElement>("input[data-points]:checked");
  return chosen ? Number(chosen.dataset["points"]) : null;
}

export function rubric(box: HTMLElement): void {
  const line = box.querySelector<HTMLElement>("[data-total]");
  const form = box.closest("form");
  const marks = form?.querySelector<HTMLInputElement>('input[name="marks"]');
  const criteria = [...box.querySelectorAll<HTMLElement>("[data-criterion]")];
  const most = Number(box.dataset["maxPoints"]);
  const show = (): void => {
    const points = criteria.map(pointsOf);
    if (!line || most === 0) return;
    const sum = points.reduce<number>((total, one) => total + (one ?? 0), 0);
    const given = Math.round((sum * Number(box.dataset["maxMarks"])) / most);
    line.textContent = (line.dataset["text"] ?? "").replace("{points}", String(sum)).replace("{most}", String(most)).replace("{marks}", String(given));
    if (marks) marks.placeholder = points.includes(null) ? "" : String(given);
  };
  box.addEventListener("input", show);
  show();
}

export function grading(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const chooseLevel = (place: number): void => {
    const criteria = [...form.querySelectorAll<HTMLElement>("[data-criterion]")];
    const here = document.activeElement?.closest<HTMLElement>("[data-criterion]") ?? criteria.find((one) => pointsOf(one) === null);
    const level = here?.querySelectorAll<HTMLInputElement>("input[data-points]")[place];
    if (!here || !level) return;
    level.checked = true;
    level.dispatchEvent(new Event("input", { bubbles: true }));
    announce(level.closest("label")?.innerText ?? "");
    const next = criteria[criteria.indexOf(here) + 1];
    (next?.querySelector<HTMLInputElement>("input[data-points]") ?? level).focus();
  };
  document.addEventListener("keydown", (event) => {
    if (!form.isConnected || event.defaultPrevented || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const save = form.querySelector<HTMLButtonElement>("[data-save-next]");
      if (!save) return;
      event.preventDefault();
      form.requestSubmit(save);
    } else if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !isTyping(event.target)) {
      if (/^[1-9]$/.test(event.key)) chooseLevel(Number(event.key) - 1);
      else document.querySelector<HTMLAnchorElement>(`a[data-key="${event.key === "j" || event.key === "k" ? event.key : "none"}"]`)?.click();
    }
  });

  const claim = form.dataset["claim"];
  if (!claim) return;
  const hold = window.setInterval(() => {
    if (!form.isConnected) {
      window.clearInterval(hold);
      return;
    }
    const token = new FormData(form).get("csrf_token");
    const body = new URLSearchParams({ csrf_token: typeof token === "string" ? token : "" });
    // Another try follows; until then the claim lasts three times as long.
    void fetch(claim, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => undefined);
  }, HOLD_MS);
}
