// What an exchange does when it goes wrong: a failure that is no page or fragment becomes a short note, and the page stays as it was.
import htmx from "htmx.org";

import { make, toast } from "./dom";
import { text } from "./messages";

interface Problem {
  title?: string;
  detail?: string;
}

export async function explain(response: Response): Promise<string> {
  if (response.status === 429) return text("net.busy");
  if (!response.headers.get("content-type")?.includes("json")) return text("net.failed");
  try {
    const problem = (await response.json()) as Problem;
    return problem.detail ?? problem.title ?? text("net.failed");
  } catch {
    return text("net.failed");
  }
}

/** The note at the foot of the page may be closed or overlooked, so one stays beside what was to be sent. */
function mark(source: Element | undefined): void {
  const place = source?.closest("form") ?? source;
  if (!place) return;
  unmark(source);
  place.append(make("p", { class: "unsent error", "data-unsent": "" }, text("net.unsent")));
}

function unmark(source: Element | undefined): void {
  (source?.closest("form") ?? source)?.querySelector("[data-unsent]")?.remove();
}

htmx.on("htmx:before:request", (event) => unmark(event.detail.ctx?.sourceElement));

htmx.on("htmx:before:response", (event) => {
  const response: Response | undefined = event.detail.ctx.response?.raw;
  if (!response || response.ok) return;
  if (response.headers.get("content-type")?.startsWith("text/html") && response.status < 500) return;
  event.preventDefault();
  mark(event.detail.ctx.sourceElement);
  void explain(response).then((message) => toast(message, "bad"));
});

htmx.on("htmx:error", (event) => {
  mark(event.detail?.ctx?.sourceElement);
  toast(text(navigator.onLine ? "net.failed" : "net.offline"), "bad");
});
