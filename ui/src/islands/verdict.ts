// A submission that is being graded: its tests fill in as they end, then the server's own panel takes its place.
import htmx from "htmx.org";

import { announce } from "../dom";
import { text } from "../messages";
import { island } from "../mount";

interface StatusEvent {
  status: string;
  done: number;
  total: number;
  queue: { position: number; expected_wait_seconds: number | null } | null;
}

interface TestEvent {
  index: number;
  name: string;
  verdict: string;
  visible: boolean;
}

const RETRY_SECONDS = [1, 2, 4, 8, 15];

island("[data-submission-events]", (panel) => {
  const title = panel.querySelector('[data-slot="title"]');
  const note = panel.querySelector('[data-slot="text"]');
  const place = panel.querySelector('[data-slot="queue"]');
  const verdicts = panel.querySelector<HTMLTemplateElement>("template[data-verdicts]");
  let source: EventSource | null = null;

  const showTest = (test: TestEvent): void => {
    const row = panel.querySelector(`[data-test="${test.index}"]`);
    const pill = verdicts?.content.querySelector(`[data-verdict="${test.verdict}"]`);
    if (row && pill) row.querySelector('[data-slot="verdict"]')?.replaceChildren(pill.cloneNode(true));
  };

  const placeInWords = (queue: StatusEvent["queue"]): string => {
    if (!queue || queue.position < 2) return "";
    const words = [text("run.place", { position: queue.position })];
    if (queue.expected_wait_seconds !== null) words.push(text("run.wait", { seconds: queue.expected_wait_seconds }));
    return words.join(" ");
  };

  const showStatus = (status: StatusEvent): void => {
    const running = status.status === "RUNNING";
    if (title) title.textContent = text(running ? "run.running" : "run.waiting");
    if (note && running && status.total > 0) note.textContent = text("run.progress", { done: status.done, total: status.total });
    if (place) place.textContent = placeInWords(status.queue);
  };

  const finish = async (attempt = 0): Promise<void> => {
    source?.close();
    source = null;
    try {
      const response = await fetch(panel.dataset["panel"] ?? "", { headers: { Accept: "text/html", "HX-Request": "true" } });
      if (!response.ok) throw new Error(String(response.status));
      const template = document.createElement("template");
      template.innerHTML = await response.text();
      const fresh = template.content.firstElementChild;
      if (!(fresh instanceof HTMLElement) || !panel.isConnected) return;
      panel.replaceWith(fresh);
      htmx.process(fresh);
      if (fresh.dataset["announcement"]) announce(fresh.dataset["announcement"]);
    } catch {
      if (!panel.isConnected) return;
      if (note) note.textContent = text("run.lost");
      const seconds = RETRY_SECONDS[Math.min(attempt, RETRY_SECONDS.length - 1)] ?? 15;
      window.setTimeout(() => void finish(attempt + 1), seconds * 1000);
    }
  };

  source = new EventSource(panel.dataset["submissionEvents"] ?? "");
  source.addEventListener("status", (event) => showStatus(JSON.parse(event.data) as StatusEvent));
  source.addEventListener("test", (event) => showTest(JSON.parse(event.data) as TestEvent));
  source.addEventListener("final", () => void finish());
  source.addEventListener("error", () => {
    if (!panel.isConnected) source?.close();
    else if (source?.readyState === EventSource.CLOSED) {
      // The stream was refused and will not come back by itself; the panel can still be asked for.
      window.setTimeout(() => void finish(), 1000);
    } else if (note) note.textContent = text("run.lost");
  });
  window.addEventListener("pagehide", () => source?.close(), { once: true });
});
