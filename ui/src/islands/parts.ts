// Rows of a form, and questions of a quiz, put in order: dragged, by Alt and the arrow keys, or by their buttons. The server answers
// with the list anew, so that it looks the same as without scripts; what was open stays open, and the focus goes along.
import { announce, text } from "../shared";
import { dragRows, stepByKeys } from "../dragging";

interface Going {
  /** Id of the list that is replaced. */
  list: string;
  from: number;
  to: number;
  /** What had the focus: a step, or nothing where a row was dragged. */
  step: string;
  open: boolean[];
}

let going: Going | null = null;

const rowOf = (target: Element): HTMLElement | null => target.closest<HTMLElement>(".editor-row");

export function orderParts(list: HTMLElement, move: HTMLButtonElement): void {
  const rows = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(".editor-row")];
  const said = list.dataset["said"];
  if (going?.list === list.id) arrive(list, rows(), going);
  else if (said) announce(said);
  going = null;

  const begin = (row: HTMLElement, to: number, step: string): void => {
    const all = rows();
    going = { list: list.id, from: all.indexOf(row), to, step, open: all.map((one) => one.querySelector("details")?.open ?? false) };
  };

  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-step]") : null;
    const row = button ? rowOf(button) : null;
    if (!button || !row) return;
    const step = button.dataset["step"] ?? "";
    begin(row, rows().indexOf(row) + (step === "up" ? -1 : 1), step);
  });
  stepByKeys(list, rowOf);
  dragRows(list, {
    rowOf,
    listAt: (row) => row.parentElement,
    drop: (row, { before }) => {
      const others = rows().filter((one) => one !== row);
      const to = before ? others.indexOf(before) : others.length;
      const part = row.dataset["part"];
      move.value = part ? `before:${part}:${before?.dataset["part"] ?? ""}` : `move:${move.dataset["move"]}:${rows().indexOf(row)}:${to}`;
      begin(row, to, "");
      move.click();
    },
  });
}

function arrive(list: HTMLElement, rows: HTMLElement[], { from, to, step, open }: Going): void {
  if (list.querySelector("[role=alert], .alert[data-tone=warn]")) {
    const parts = [...list.querySelectorAll(".alert p")].map((part) => part.textContent.trim());
    announce(parts.join(" – "));
    return;
  }
  if (rows.length === open.length && from >= 0) {
    open.splice(to, 0, ...open.splice(from, 1));
    rows.forEach((row, place) => {
      const details = row.querySelector("details");
      if (details) details.open = open[place] ?? false;
    });
  }
  announce(text("order.moved", { place: to + 1, total: rows.length }));
  if (!step) return;
  const steps = rows[to]?.querySelectorAll<HTMLButtonElement>("[data-step]") ?? [];
  const button = [...steps].find((one) => one.dataset["step"] === step);
  (button?.disabled ? [...steps].find((one) => !one.disabled) : button)?.focus();
}
