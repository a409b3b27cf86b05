// What an exchange does when it goes wrong: a failure that is no page or fragment becomes a short note, and the page stays as it was.
import htmx from "htmx.org";

import { toast } from "./dom";
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

htmx.on("htmx:before:response", (event) => {
  const response: Response | undefined = event.detail.ctx.response?.raw;
  if (!response || response.ok) return;
  if (response.headers.get("content-type")?.startsWith("text/html") && response.status < 500) return;
  event.preventDefault();
  void explain(response).then((message) => toast(message, "bad"));
});

htmx.on("htmx:error", () => toast(text(navigator.onLine ? "net.failed" : "net.offline"), "bad"));
