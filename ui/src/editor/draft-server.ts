// The server's side of a draft: one save at a time, answers in words that the page can act on.
import type { Program } from "./draft-store";

export interface ServerDraft extends Program {
  revision: number;
  saved_at: string;
}

export type Saved =
  | { state: "saved"; revision: number; at: number }
  | { state: "conflict"; draft: ServerDraft }
  | { state: "signed-out" }
  | { state: "refused" } // too large, or not to be kept: another try would fare no better
  | { state: "failed"; retryAfter: number };

const RETRY_SECONDS = 4;
/** Browsers send no more than 64 KiB from a page that is closing. */
const KEEPALIVE_BYTES = 60_000;

/** Where a draft is kept, and how a request proves that it comes from the page. */
export interface Place {
  url: string;
  headers: () => Record<string, string>;
}

function request(place: Place, program: Program, revision: number, keepalive = false): Promise<Response> {
  const body = JSON.stringify({ code: program.code, files: program.files, revision });
  if (keepalive && new Blob([body]).size > KEEPALIVE_BYTES) return Promise.reject(new Error("too large"));
  return fetch(place.url, { method: "PUT", headers: place.headers(), body, keepalive });
}

export async function saveDraft(place: Place, program: Program, revision: number): Promise<Saved> {
  let response: Response;
  try {
    response = await request(place, program, revision);
    if (response.ok) {
      const { revision: next, saved_at } = (await response.json()) as ServerDraft;
      return { state: "saved", revision: next, at: Date.parse(saved_at) };
    }
    if (response.status === 409) {
      const { draft } = (await response.json()) as { draft?: ServerDraft };
      return draft ? { state: "conflict", draft } : { state: "refused" };
    }
  } catch {
    return { state: "failed", retryAfter: RETRY_SECONDS };
  }
  if (response.status === 401) return { state: "signed-out" };
  if (response.status === 429 || response.status >= 500) {
    return { state: "failed", retryAfter: Number(response.headers.get("Retry-After")) || RETRY_SECONDS };
  }
  return { state: "refused" };
}

/** From a page that is closing; nobody hears the answer. */
export function saveOnTheWayOut(place: Place, program: Program, revision: number): void {
  request(place, program, revision, true).catch(() => undefined);
}
