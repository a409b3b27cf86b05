// A form that sends a program: keys for Run and Submit, and results beside it. The exchange itself is htmx's, by attributes.
import { announce } from "../dom";
import { text } from "../messages";
import { island } from "../mount";
import "./desk";
import "./drafts";
import "./hints";

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

const keys: Record<string, string> = isMac
  ? { run: "⌘↵", submit: "⇧⌘↵" }
  : { run: "Ctrl ↵", submit: "Ctrl ⇧ ↵" };

island("[data-keys]", (hint) => {
  hint.textContent = keys[hint.dataset["keys"] ?? ""] ?? "";
});

island("form[data-program]", (element) => {
  const form = element as HTMLFormElement;
  const state = form.querySelector<HTMLElement>("[data-editor-state]");

  // On the desk the keys work from anywhere on the page; beside other programs only within the form.
  const desk = form.closest("[data-desk]");
  const reach: HTMLElement | Document = desk ? document : form;
  reach.addEventListener("keydown", (given) => {
    const event = given as KeyboardEvent;
    if (document.querySelector("dialog[open]")) return;
    if (event.key !== "Enter" || !(isMac ? event.metaKey : event.ctrlKey)) return;
    const name = event.shiftKey ? "submit" : "run";
    const button = form.querySelector<HTMLButtonElement>(`[data-shortcut="${name}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  form.addEventListener("htmx:before:request", () => {
    if (state) state.textContent = text("run.sending");
    announce(text("run.sending"));
  });
  form.addEventListener("htmx:finally:request", () => {
    if (!desk && state?.textContent === text("run.sending")) state.textContent = "";
  });
  form.addEventListener("htmx:after:swap", () => {
    const view = desk?.querySelector<HTMLInputElement>('[name="desk-view"][value="results"]');
    if (view) view.checked = true;
  });
});
