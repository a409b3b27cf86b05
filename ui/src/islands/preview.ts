// Markdown beside its text, rendered by the server a moment after typing stops.
import { explain } from "../exchanges";

const AFTER_MS = 500;

export function preview(box: HTMLElement): void {
  const area = box.querySelector("textarea");
  const pane = box.querySelector<HTMLElement>("[data-preview-pane]");
  const button = box.querySelector<HTMLButtonElement>("[data-preview-button]");
  const form = area?.form;
  if (!area || !pane || !button || !form) return;
  button.setAttribute("aria-expanded", "false");
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
      } else pane.textContent = await explain(answer);
    } catch {
      // Another one is on its way, or the network is gone; what stands there stays.
    }
  };

  button.addEventListener("click", (event) => {
    event.preventDefault();
    pane.hidden = !pane.hidden;
    button.setAttribute("aria-expanded", String(!pane.hidden));
    if (!pane.hidden) void render();
  });
  area.addEventListener("input", () => {
    if (pane.hidden) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void render(), AFTER_MS);
  });
}
