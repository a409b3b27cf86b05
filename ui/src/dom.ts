import { text } from "./messages";

export type Tone = "accent" | "good" | "bad" | "warn" | "info";

/** Build an element; children are text or elements, never markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function makeButton(label: string, kind: "primary" | "secondary" | "quiet", onClick: () => void): HTMLButtonElement {
  const button = make("button", { class: "button", type: "button", "data-kind": kind, "data-size": "small" }, label);
  button.addEventListener("click", onClick);
  return button;
}

/**
 * A browser that comes back to a page fills its fields as they were left, over what the server has sent since, and says nothing of it.
 * A form whose script keeps what was not saved has no use for that.
 */
export function keepFromHistory(form: HTMLFormElement): void {
  form.autocomplete = "off";
}

/** Say it to screen readers without moving the focus. */
export function announce(message: string): void {
  const announcer = document.getElementById("announcer");
  if (!announcer) return;
  // An unchanged text is not spoken again, so it is cleared first.
  announcer.textContent = "";
  window.setTimeout(() => {
    announcer.textContent = message;
  }, 60);
}

const TOAST_MS = 12_000;

/** Take a note away; the focus goes on to the page where it was in the note. */
export function dismiss(box: HTMLElement): void {
  const held = box.contains(document.activeElement);
  box.remove();
  if (held) document.getElementById("main")?.focus({ preventScroll: true });
}

/** A note leaves by itself, but not while it is read: hovered or focused. One about an error waits until it is closed. */
export function leaveLater(box: HTMLElement): void {
  if (box.dataset["tone"] === "bad") return;
  const leave = (): void => {
    if (box.matches(":hover, :focus-within")) window.setTimeout(leave, TOAST_MS / 4);
    else box.remove();
  };
  window.setTimeout(leave, TOAST_MS);
}

/** A short note at the foot of the page. */
export function toast(message: string, tone: Tone = "info"): void {
  const box = make("div", { class: "toast", "data-tone": tone }, make("p", {}, message));
  box.append(makeButton(text("close"), "quiet", () => dismiss(box)));
  document.getElementById("toasts")?.append(box);
  leaveLater(box);
}

/** localStorage where the browser allows it; every call may quietly find nothing. */
export const store = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  /** False when the browser refused: private mode, no space. */
  set(key: string, value: string): boolean {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  },
  removeOthers(prefix: string, kept: string): void {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(prefix) && key !== kept) localStorage.removeItem(key);
      }
    } catch {
      // As in remove().
    }
  },
  remove(key: string): void {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept, so nothing is left.
    }
  },
};
