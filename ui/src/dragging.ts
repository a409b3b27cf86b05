// Rows that are dragged by their grip: with a mouse, a pen or a finger. Escape lets them go where they were.

export interface Place {
  list: HTMLElement;
  before: HTMLElement | null;
}

export interface Rows {
  /** The row that a grip belongs to. */
  rowOf(grip: Element): HTMLElement | null;
  /** The list that a row may be let go in over this element. */
  listAt(row: HTMLElement, over: Element): HTMLElement | null;
  drop(row: HTMLElement, place: Place): void;
}

const EDGE = 60;
const SCROLL = 14;

export function dragRows(root: HTMLElement, rows: Rows): void {
  root.addEventListener("pointerdown", (event) => {
    const grip = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-grip]") : null;
    const row = grip && event.button === 0 && event.isPrimary ? rows.rowOf(grip) : null;
    if (!grip || !row) return;
    event.preventDefault();
    follow(root, rows, grip, row, event.pointerId);
  });
}

function follow(root: HTMLElement, rows: Rows, grip: HTMLElement, row: HTMLElement, pointer: number): void {
  let place: Place | null = null;
  let at = { x: 0, y: 0 };
  let frame = 0;
  const listening = new AbortController();
  const options = { signal: listening.signal };
  grip.setPointerCapture(pointer);
  row.dataset["dragged"] = "";

  const look = (): void => {
    unmark(root);
    const over = document.elementFromPoint(at.x, at.y);
    const list = over && root.contains(over) ? rows.listAt(row, over) : null;
    place = list ? { list, before: below(list, row, at.y) } : null;
    if (place) (place.before ?? place.list).dataset["drop"] = place.before ? "before" : "end";
  };
  /** Near an edge of the screen the page comes along. */
  const scroll = (): void => {
    const way = at.y < EDGE ? -SCROLL : at.y > window.innerHeight - EDGE ? SCROLL : 0;
    frame = way ? window.requestAnimationFrame(scroll) : 0;
    if (!way) return;
    window.scrollBy(0, way);
    look();
  };
  const end = (drops: boolean): void => {
    listening.abort();
    window.cancelAnimationFrame(frame);
    unmark(root);
    delete row.dataset["dragged"];
    if (drops && place && place.before !== row.nextElementSibling) rows.drop(row, place);
  };

  grip.addEventListener("pointermove", (event) => {
    at = { x: event.clientX, y: event.clientY };
    look();
    if (!frame) scroll();
  }, options);
  grip.addEventListener("pointerup", () => end(true), options);
  grip.addEventListener("pointercancel", () => end(false), options);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end(false);
  }, options);
}

function below(list: HTMLElement, row: HTMLElement, y: number): HTMLElement | null {
  const others = [...list.children].filter((one): one is HTMLElement => one instanceof HTMLElement && one !== row && one.matches("[data-thing], .editor-row"));
  return (
    others.find((one) => {
      const box = one.getBoundingClientRect();
      return y < box.top + box.height / 2;
    }) ?? null
  );
}

function unmark(root: HTMLElement): void {
  for (const marked of root.querySelectorAll("[data-drop]")) marked.removeAttribute("data-drop");
  root.removeAttribute("data-drop");
}

/** Alt and an arrow key press the button that moves the row of the focus, unless something is being typed. */
export function stepByKeys(root: HTMLElement, rowOf: (target: Element) => HTMLElement | null): void {
  root.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const target = event.target;
    if (!(target instanceof Element) || target.closest("textarea, select, code-editor")) return;
    const button = rowOf(target)?.querySelector<HTMLButtonElement>(`[data-step="${event.key === "ArrowUp" ? "up" : "down"}"]`);
    if (!button || button.disabled) return;
    event.preventDefault();
    button.focus();
    button.click();
  });
  root.dataset["ordered"] = "";
}
