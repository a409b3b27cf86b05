// The borders between the panes of the desk: moved by pointer or keys, and remembered.
import { store } from "../dom";
import { island } from "../mount";

type Pane = "task" | "results";
type Sizes = Partial<Record<string, number>>;

const KEY = "codezest:panes";
const LEAST = 15;
const MOST = 60;
/** What both outer panes may take together, so that the editor stays. */
const TOGETHER = 78;
const STEP = 2;
const LEAP = 10;

const wide = window.matchMedia("(min-width: 82rem)");

function remembered(): Sizes {
  try {
    return JSON.parse(store.get(KEY) ?? "{}") as Sizes;
  } catch {
    return {};
  }
}

island("[data-desk]", (desk) => {
  const sizes = remembered();
  const dividers = [...desk.querySelectorAll<HTMLElement>("[data-divider]")];
  /** The results stand below the editor where there is no room beside it. */
  const stacked = (pane: Pane): boolean => pane === "results" && !wide.matches;
  const nameOf = (pane: Pane): string => (stacked(pane) ? "results-height" : pane);

  const measure = (pane: Pane): number => {
    const box = desk.querySelector(`#desk-${pane}`)?.getBoundingClientRect();
    const all = desk.getBoundingClientRect();
    if (!box) return LEAST;
    return Math.round((100 * (stacked(pane) ? box.height / all.height : box.width / all.width)) || LEAST);
  };

  const most = (pane: Pane): number => {
    if (stacked(pane)) return MOST;
    const other = wide.matches ? measure(pane === "task" ? "results" : "task") : 0;
    return Math.max(LEAST, Math.min(MOST, TOGETHER - other));
  };

  const describe = (): void => {
    for (const divider of dividers) {
      const pane = divider.dataset["divider"] as Pane;
      divider.setAttribute("aria-orientation", stacked(pane) ? "horizontal" : "vertical");
      divider.setAttribute("aria-valuenow", String(measure(pane)));
      divider.setAttribute("aria-valuemin", String(LEAST));
      divider.setAttribute("aria-valuemax", String(most(pane)));
    }
  };

  const apply = (): void => {
    for (const name of ["task", "results", "results-height"]) {
      const size = sizes[name];
      if (size === undefined) desk.style.removeProperty(`--${name}-size`);
      else desk.style.setProperty(`--${name}-size`, `${size}%`);
    }
    describe();
  };

  const resize = (pane: Pane, size: number | undefined): void => {
    const name = nameOf(pane);
    if (size === undefined) delete sizes[name];
    else sizes[name] = Math.round(Math.max(LEAST, Math.min(most(pane), size)));
    store.set(KEY, JSON.stringify(sizes));
    apply();
  };

  /** How much a pane grows, in percent, when its border moves so far along the axis. */
  const growth = (pane: Pane, pixels: number): number => {
    const all = desk.getBoundingClientRect();
    if (stacked(pane)) return (-100 * pixels) / all.height;
    const towardsEnd = getComputedStyle(desk).direction === "rtl" ? -pixels : pixels;
    return ((pane === "task" ? 100 : -100) * towardsEnd) / all.width;
  };

  for (const divider of dividers) {
    const pane = divider.dataset["divider"] as Pane;
    divider.hidden = false;
    divider.tabIndex = 0;
    divider.setAttribute("role", "separator");

    divider.addEventListener("keydown", (event) => {
      const along = stacked(pane) ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
      const direction = along.indexOf(event.key) * 2 - 1;
      if (along.includes(event.key)) {
        const step = event.shiftKey ? LEAP : STEP;
        resize(pane, measure(pane) + step * Math.sign(growth(pane, direction)));
      } else if (event.key === "Home") resize(pane, LEAST);
      else if (event.key === "End") resize(pane, MOST);
      else if (event.key === "Enter") resize(pane, undefined);
      else return;
      event.preventDefault();
    });

    divider.addEventListener("dblclick", () => resize(pane, undefined));
    divider.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      divider.setPointerCapture(event.pointerId);
      const start = stacked(pane) ? event.clientY : event.clientX;
      const before = measure(pane);
      const move = (moved: PointerEvent): void => {
        resize(pane, before + growth(pane, (stacked(pane) ? moved.clientY : moved.clientX) - start));
      };
      divider.addEventListener("pointermove", move);
      divider.addEventListener("lostpointercapture", () => divider.removeEventListener("pointermove", move), { once: true });
    });
  }

  wide.addEventListener("change", describe);
  apply();
});
