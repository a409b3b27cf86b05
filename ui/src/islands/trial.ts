// An author's try: each test of both programs fills in as it ends; at the end the server's own list takes its place.
import { announce, htmx, text } from "../shared";


interface TestEvent {
  program: "solution" | "starter";
  index: number;
  verdict: string;
  time_ms: number;
  memory_kb: number;
  done: number;
  total: number;
}

const AGAIN_MS = 3000;

export function followTrial(panel: HTMLElement): void {
  const page = panel.dataset["page"] ?? "";
  const progress = panel.querySelector('[data-slot="progress"]');
  const verdicts = panel.querySelector<HTMLTemplateElement>("template[data-verdicts]");
  const source = new EventSource(panel.dataset["trialEvents"] ?? "");

  const show = (test: TestEvent): void => {
    const slot = panel.querySelector(`[data-test="${test.program}-${test.index}"]`);
    const verdict = verdicts?.content.querySelector(`[data-verdict="${test.verdict === "AC" ? "passed" : "failed"}"]`);
    if (!slot || !verdict) return;
    const told = (panel.dataset["units"] ?? "").replace("{time}", String(test.time_ms)).replace("{memory}", (test.memory_kb / 1024).toFixed(1));
    const small = document.createElement("span");
    small.className = "small muted";
    small.textContent = `${test.verdict} · ${told}`;
    slot.replaceChildren(verdict.cloneNode(true), " ", small);
    if (progress) progress.textContent = text("run.progress", { done: test.done, total: test.total });
  };

  const finish = async (): Promise<void> => {
    source.close();
    try {
      const answer = await fetch(page, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = fresh.getElementById("main");
      const old = document.getElementById("main");
      if (!main || !old || !panel.isConnected) return;
      old.replaceChildren(...main.childNodes);
      htmx.process(old);
      announce(old.querySelector(".try-summary")?.textContent.trim() ?? "");
    } catch {
      if (progress) progress.textContent = text("run.lost");
      window.setTimeout(() => void finish(), AGAIN_MS);
    }
  };

  source.addEventListener("test", (event) => show(JSON.parse(event.data) as TestEvent));
  source.addEventListener("final", () => void finish());
  source.addEventListener("error", () => {
    if (progress) progress.textContent = text("run.lost");
    if (source.readyState === EventSource.CLOSED) window.setTimeout(() => void finish(), AGAIN_MS);
  });
  window.addEventListener("pagehide", () => source.close(), { once: true });
}
