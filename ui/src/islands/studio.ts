// What only those who teach load.
import { store } from "../dom";
import { island } from "../mount";

const FORMS = "codezest:form:";

// Whoever signs out leaves nothing of theirs in this browser.
island('form[action="/logout"]', (form) => {
  form.addEventListener("submit", () => {
    document.documentElement.dataset["leaving"] = "";
    store.removeOthers(FORMS, "");
  });
});
// What was new has an address of its own now.
island(".toasts > .toast:not([data-tone=bad])", () => {
  if (/^\/teach\/questions\/[\w-]+$/.test(location.pathname)) store.removeOthers(`${FORMS}${document.querySelector<HTMLElement>("form[data-autosave]")?.dataset["autosave"]?.split(":")[0]}:studio:new:`, "");
});

island("#outline", (outline) => void import("./ordering").then(({ order }) => order(outline)));
island("[data-preview]", (box) => void import("./preview").then(({ preview }) => preview(box)));
island("form[data-autosave]", (form) => void import("./autosave-form").then(({ autosave }) => autosave(form)));
island("button[data-move]", (move) => {
  const list = move.closest<HTMLElement>(".editor-rows, section");
  if (list) void import("./parts").then(({ orderParts }) => orderParts(list, move as HTMLButtonElement));
});
island("[data-trial-events]", (panel) => void import("./trial").then(({ followTrial }) => followTrial(panel)));
island("button[data-fill]", (button) => {
  // What a button fills in without scripts by asking the server, at once.
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const form = button.closest("form");
    for (const [name, value] of Object.entries(JSON.parse(button.dataset["fill"] ?? "{}") as Record<string, string>)) {
      const field = form?.elements.namedItem(name);
      if (!(field instanceof HTMLInputElement)) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  });
});
