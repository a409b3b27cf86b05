// The editor's settings, in a dialog that takes effect as one chooses.
import { make, type Message, text } from "../shared";
import type { EditorSettings } from "./settings";

type Choices = [value: string, label: string][];

const sizes: Choices = [10, 12, 13, 14, 15, 16, 18, 20, 24, 28, 32].map((size) => [String(size), `${size} px`]);
const widths: Choices = [1, 2, 3, 4, 6, 8].map((width) => [String(width), String(width)]);

/** What is set, and how it is changed. */
export interface Settings {
  now: EditorSettings;
  change(part: Partial<EditorSettings>): void;
}

interface Choice {
  name: keyof EditorSettings;
  label: Message;
  choices: Choices;
  take(value: string): Partial<EditorSettings>;
}

function choice(settings: Settings, { name, label, choices, take }: Choice): HTMLElement {
  const id = `setting-${name}`;
  const select = make("select", { class: "input", id });
  for (const [value, words] of choices) {
    const option = make("option", { value }, words);
    option.selected = value === String(settings.now[name]);
    select.append(option);
  }
  select.addEventListener("change", () => settings.change(take(select.value)));
  return make("div", { class: "field" }, make("label", { for: id }, text(label)), select);
}

function box(settings: Settings, name: "plain" | "wrap", label: Message): HTMLElement {
  const input = make("input", { type: "checkbox" });
  input.checked = settings.now[name];
  input.addEventListener("change", () => settings.change({ [name]: input.checked }));
  return make("label", { class: "setting-box" }, input, make("span", {}, text(label)));
}

/** Opened by a button, which has the focus again once it is closed. */
export function openSettings(opener: HTMLElement, settings: Settings): void {
  const title = make("h2", { id: "settings-title" }, text("settings.title"));
  const close = make("button", { class: "button", type: "submit", "data-kind": "primary" }, text("close"));
  const dialog = make(
    "dialog",
    { class: "editor-settings", "aria-labelledby": "settings-title" },
    make(
      "form",
      { method: "dialog", class: "stack" },
      title,
      choice(settings, {
        name: "theme",
        label: "settings.theme",
        choices: [
          ["auto", text("settings.auto")],
          ["light", text("settings.light")],
          ["dark", text("settings.dark")],
          ["contrast", text("settings.contrast")],
        ],
        take: (value) => ({ theme: value as EditorSettings["theme"] }),
      }),
      make(
        "div",
        { class: "settings-pair" },
        choice(settings, { name: "size", label: "settings.size", choices: sizes, take: (value) => ({ size: Number(value) }) }),
        choice(settings, { name: "tab_width", label: "settings.tab", choices: widths, take: (value) => ({ tab_width: Number(value) }) }),
      ),
      choice(settings, {
        name: "keys",
        label: "settings.keys",
        choices: [
          ["default", text("settings.usual")],
          ["vim", "Vim"],
          ["emacs", "Emacs"],
        ],
        take: (value) => ({ keys: value as EditorSettings["keys"] }),
      }),
      box(settings, "wrap", "settings.wrap"),
      box(settings, "plain", "settings.plain"),
      make("p", { class: "small muted" }, text("editor.hint")),
      make("div", { class: "row", "data-end": "" }, close),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    opener.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
}
