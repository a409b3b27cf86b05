// The outline of a course: rows are dragged, or moved by Alt and the arrow keys. The server puts them in order and answers with the outline.
import { announce } from "../dom";

/** Where the focus was when an outline was replaced, so that a row can be moved on and on by keyboard. */
let focused = "";

interface Place {
  list: HTMLElement;
  before: HTMLElement | null;
}

const rowOf = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>("[data-thing]") : null);
const isModule = (row: HTMLElement): boolean => row.classList.contains("outline-module");

/** Where a row that is dragged would come to stand if it were let go here. */
function placeAt(outline: HTMLElement, dragged: HTMLElement, event: DragEvent): Place | null {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || !outline.contains(target)) return null;
  const list = isModule(dragged)
    ? outline.querySelector<HTMLElement>(".outline-modules")
    : (target.closest(".outline-module")?.querySelector<HTMLElement>(".outline-items") ?? null);
  if (!list) return null;
  const rows = [...list.children].filter((row): row is HTMLElement => row instanceof HTMLElement && row !== dragged);
  const below = rows.find((row) => {
    const box = row.getBoundingClientRect();
    return event.clientY < box.top + box.height / 2;
  });
  return { list, before: below ?? null };
}

function unmark(outline: HTMLElement): void {
  for (const marked of outline.querySelectorAll("[data-drop]")) marked.removeAttribute("data-drop");
}

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

function drag(outline: HTMLElement): void {
  let dragged: HTMLElement | null = null;

  outline.addEventListener("pointerdown", (event) => {
    const grip = event.target instanceof Element ? event.target.closest("[data-grip]") : null;
    const row = grip ? rowOf(grip) : null;
    if (row) row.draggable = true;
  });
  outline.addEventListener("pointerup", (event) => rowOf(event.target)?.removeAttribute("draggable"));

  outline.addEventListener("dragstart", (event) => {
    dragged = rowOf(event.target);
    if (!dragged?.draggable || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset["thing"] ?? "");
    dragged.dataset["dragged"] = "";
  });
  outline.addEventListener("dragover", (event) => {
    if (!dragged) return;
    const place = placeAt(outline, dragged, event);
    unmark(outline);
    if (!place) return;
    event.preventDefault();
    (place.before ?? place.list).dataset["drop"] = place.before ? "before" : "end";
  });
  outline.addEventListener("drop", (event) => {
    if (!dragged) return;
    const place = placeAt(outline, dragged, event);
    unmark(outline);
    if (!place) return;
    event.preventDefault();
    send(outline, dragged.dataset["thing"] ?? "", place);
  });
  outline.addEventListener("dragend", () => {
    unmark(outline);
    dragged?.removeAttribute("data-dragged");
    dragged?.removeAttribute("draggable");
    dragged = null;
  });
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

  outline.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const step = event.key === "ArrowUp" ? "up" : "down";
    const button = rowOf(event.target)?.querySelector<HTMLButtonElement>(`[data-step="${step}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.focus();
    button.click();
  });

  drag(outline);
}
