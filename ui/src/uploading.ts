// One file on its way: how far it is, and a button that stops it.
import { announce, make, makeButton } from "./dom";

const ANNOUNCED_STEP = 25;

export interface Words {
  sending: string;
  reading: string;
  stop: string;
}

export interface Outcome<T> {
  /** What the server says of the file that it keeps. */
  kept(answer: T): void;
  /** Why it does not; nothing where it did not arrive. */
  refused(reason: string | null): void;
  stopped(): void;
}

/** Sends `body` and shows progress in `place` until it is over. `words.sending` has `{percent}`. */
export function sendFile<T>(url: string, body: FormData, headers: Record<string, string>, place: HTMLElement, words: Words, outcome: Outcome<T>): void {
  const request = new XMLHttpRequest();
  const bar = make("progress", { max: "100", value: "0", "aria-label": words.sending.replace("{percent}", "") });
  const line = make("span", { class: "small" });
  const stop = makeButton(words.stop, "quiet", () => request.abort());
  const state = make("div", { class: "upload-state" }, bar, line, stop);
  place.append(state);
  stop.focus();

  let announced = 0;
  request.upload.addEventListener("progress", (progress) => {
    if (!progress.lengthComputable) return;
    const percent = Math.floor((100 * progress.loaded) / progress.total);
    bar.value = percent;
    line.textContent = words.sending.replace("{percent}", String(percent));
    if (percent >= announced + ANNOUNCED_STEP && percent < 100) {
      announced = percent;
      announce(line.textContent);
    }
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    line.textContent = words.reading;
    announce(words.reading);
  });
  request.addEventListener("load", () => {
    state.remove();
    const answer = answerOf(request);
    if (request.status < 300 && answer) outcome.kept(answer as T);
    else outcome.refused(answer?.detail ?? answer?.title ?? null);
  });
  request.addEventListener("error", () => {
    state.remove();
    outcome.refused(null);
  });
  request.addEventListener("abort", () => {
    state.remove();
    outcome.stopped();
  });
  request.open("POST", url);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  request.send(body);
}

function answerOf(request: XMLHttpRequest): { detail?: string; title?: string } | null {
  try {
    return JSON.parse(request.responseText) as { detail?: string; title?: string };
  } catch {
    return null;
  }
}
