// Opens the command palette, whose script and words are asked for when it is first opened; and remembers the pages it lists as recent.
import { store, toast } from "../dom";
import { text } from "../messages";
import { island } from "../mount";

const RECENT = "codezest:recent:";
const SLASH = "codezest:slash";
const READ = /^\/(languages|courses|modules|materials|assignments|quizzes)\/[\w-]+$/;
const MOST_RECENT = 6;
const FIELD = "input, textarea, select, [contenteditable], code-editor";

export interface Visit {
  title: string;
  path: string;
}

const key = `${RECENT}${document.documentElement.dataset["account"] ?? ""}`;

function visits(): Visit[] {
  try {
    return JSON.parse(store.get(key) ?? "[]") as Visit[];
  } catch {
    return [];
  }
}

function remember(): void {
  store.removeOthers(RECENT, key); // those of somebody else, who used this browser before
  if (!READ.test(location.pathname) || document.querySelector(".problem")) return;
  const here = { title: document.title.replace(/ · CodeZest$/, ""), path: location.pathname };
  store.set(key, JSON.stringify([here, ...visits().filter((visit) => visit.path !== here.path)].slice(0, MOST_RECENT)));
}

async function open(): Promise<void> {
  try {
    const { show } = await import("../palette");
    await show({
      recent: visits().filter((visit) => visit.path !== location.pathname),
      toggleSlash: () => (store.get(SLASH) ? store.remove(SLASH) : store.set(SLASH, "off")),
    });
  } catch {
    if (navigator.onLine) location.assign("/search");
    else toast(text("net.offline"), "bad");
  }
}

island("[data-palette-open]", (link) => {
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void open();
  });
  const shortcut = link.querySelector("kbd");
  if (shortcut && /Mac|iPhone|iPad/.test(navigator.userAgent)) shortcut.textContent = "⌘ K";
});

document.addEventListener("keydown", (event) => {
  const target = event.composedPath()[0];
  const writing = target instanceof Element && (target.matches(FIELD) || target.closest(FIELD) !== null);
  const inEditor = event.composedPath().some((node) => node instanceof Element && node.localName === "code-editor");
  const palette = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
  const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !writing && !inEditor && !store.get(SLASH);
  if (event.isComposing || !(palette || slash)) return;
  event.preventDefault();
  void open();
});

island('form[action="/logout"]', (form) => form.addEventListener("submit", () => store.remove(key)));

remember();
