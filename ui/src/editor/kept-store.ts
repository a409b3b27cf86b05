// What this browser keeps until the server has it. Each page keeps its own, so that no tab overwrites another's.
import { store } from "../shared";

export interface Kept {
  /** When it was typed, in milliseconds since 1970. */
  at: number;
}

/** How long a page that is closing may take. */
const WAIT_MS = 4000;

/** What one page keeps of one thing. */
export class KeptStore<T extends Kept> {
  private readonly own: string;

  constructor(
    private readonly prefix: string,
    private readonly parse: (json: string | null) => T | null,
  ) {
    this.own = `${prefix}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    // Held for as long as the page lives: so others know that this is not an orphan.
    navigator.locks?.request(this.own, () => new Promise(() => undefined)).catch(() => undefined);
  }

  /** False when the browser refused: private mode, no space. */
  keep(kept: T): boolean {
    return store.set(this.own, JSON.stringify(kept));
  }

  forget(key = this.own): void {
    store.remove(key);
  }

  /** Hands over what pages have left that are gone, the newest first. One that is just going is waited for. */
  findOrphans(take: (key: string, kept: T) => void): void {
    const found: [string, T][] = [];
    for (const key of this.keys()) {
      const kept = key === this.own ? null : this.parse(store.get(key));
      if (kept) found.push([key, kept]);
    }
    found.sort(([, one], [, other]) => other.at - one.at);
    const signal = AbortSignal.timeout(WAIT_MS);
    for (const [key, kept] of found) {
      if (!navigator.locks) take(key, kept);
      else navigator.locks.request(key, { signal }, () => take(key, kept)).catch(() => undefined);
    }
  }

  private keys(): string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    } catch {
      return [];
    }
  }
}
