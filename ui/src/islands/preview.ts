// Markdown beside its text, rendered by the server a moment after typing stops.
import { explain, store } from "../shared";
import { markdownTools } from "./markdown-tools";

const AFTER_MS = 300;
const SHOWN = "codezest:preview";

export function preview(box: HTMLElement): void {
  const area = box.querySelector("textarea");
  const pane = box.querySelector<HTMLElement>("[data-preview-pane]");
  const button = box.querySelector<HTMLButtonElement>("[data-preview-button]");
  const form = area?.form;
  if (!area || !pane || !button || !form) return;
  button.setAttribute("aria-expanded", "false");
  const tools = box.querySelector<HTMLTemplateElement>("template[data-markdown-tools]");
  if (tools) markdownTools(area, tools);
  let timer = 0;
  let asked: AbortController | null = null;

  const render = async (): Promise<void> => {
    asked?.abort();
    asked = new AbortController();
    const token = new FormData(form).get("csrf_token");
    const body = new URLSearchParams({ markdown: area.value, csrf_token: typeof token === "string" ? token : "" });
    try {
      const answer = await fetch(box.dataset["preview"] ?? "", { method: "POST", body, headers: { "HX-Request": "true" }, signal: asked.signal });
      if (answer.ok) {
        // The server's own rendering, which ends with a sanitiser: what learners will be sent.
        pane.innerHTML = await answer.text();
        keepPlace();
      } else pane.textContent = await explain(answer);
    } catch {
      // Another one is on its way, or the network is gone; what stands there stays.
    }
  };

  /** The pane shows the same part of the text as the field does. */
  const keepPlace = (): void => {
    const room = area.scrollHeight - area.clientHeight;
    if (room > 0) pane.scrollTop = (area.scrollTop / room) * (pane.scrollHeight - pane.clientHeight);
  };
  area.addEventListener("scroll", keepPlace, { passive: true });

  const show = (shown: boolean): void => {
    pane.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    if (shown) void render();
  };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    show(pane.hidden !== false);
    store.set(SHOWN, pane.hidden ? "" : "shown");
  });
  if (store.get(SHOWN)) show(true);
  area.addEventListener("input", () => {
    if (pane.hidden) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void render(), AFTER_MS);
  });
}
