// The outline of a course: rows are dragged, or moved by Alt and the arrow keys. The server puts them in order and answers with the outline.
import { announce } from "../shared";
import { dragRows, stepByKeys, type Place } from "../dragging";

/** Where the focus was when an outline was replaced, so that a row can be moved on and on by keyboard. */
let focused = "";

const rowOf = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>("[data-thing]") : null);
const isModule = (row: HTMLElement): boolean => row.classList.contains("outline-module");

function send(outline: HTMLElement, thing: string, place: Place): void {
  const form = outline.querySelector<HTMLFormElement>("#outline-move");
  if (!form) return;
  const fields: Record<string, string> = { thing, module_id: place.list.dataset["module"] ?? "", before: place.before?.dataset["thing"] ?? "" };
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
  form.requestSubmit();
}

function listAt(outline: HTMLElement, row: HTMLElement, over: Element): HTMLElement | null {
  if (isModule(row)) return outline.querySelector<HTMLElement>(".outline-modules");
  return over.closest(".outline-module")?.querySelector<HTMLElement>(".outline-items") ?? null;
}

export function order(outline: HTMLElement): void {
  const said = outline.dataset["said"];
  if (said) announce(said);
  if (focused) {
    const again = document.getElementById(focused);
    if (again instanceof HTMLButtonElement && again.disabled) (again.parentElement?.querySelector<HTMLButtonElement>("button:not(:disabled)") ?? again).focus();
    else again?.focus();
    focused = "";
  }
  if (said) outline.querySelector<HTMLElement>("#undo")?.focus();
  if (outline.dataset["ordering"] === undefined) return;

  outline.addEventListener("submit", () => {
    focused = document.activeElement instanceof HTMLElement && outline.contains(document.activeElement) ? document.activeElement.id : "";
  }, { capture: true });

  outline.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[id]") : null;
    if (button) focused = button.id;
  });

  stepByKeys(outline, rowOf);
  dragRows(outline, {
    rowOf,
    listAt: (row, over) => listAt(outline, row, over),
    drop: (row, place) => send(outline, row.dataset["thing"] ?? "", place),
  });
}
