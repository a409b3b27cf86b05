import { store } from "../dom";

interface Kept {
  code: string;
  /** What the server had when the change began. */
  base: string;
}

/** How unsent code in this browser stands to what the server has sent. */
export type Found =
  | { state: "none" }
  | { state: "newer"; code: string } // the server has not moved: the draft continues it
  | { state: "conflict"; code: string }; // both have moved: the reader decides

/** Unsent code of one reader and assignment. Nothing is dropped before the server has it or the reader says so. */
export class Draft {
  private readonly key: string;
  private readonly aside: string;

  constructor(
    name: string,
    private readonly server: string,
  ) {
    this.key = `codezest:draft:${name}`;
    this.aside = `${this.key}:aside`;
  }

  find(): Found {
    const kept = this.read(this.key);
    if (kept && kept.code !== this.server) {
      if (kept.base === this.server) return { state: "newer", code: kept.code };
      // Typing goes on under the key; the other version is put aside, so that neither overwrites the other.
      store.set(this.aside, JSON.stringify(kept));
    }
    store.remove(this.key);
    const aside = this.read(this.aside);
    if (!aside) return { state: "none" };
    if (aside.code !== this.server) return { state: "conflict", code: aside.code };
    this.forget();
    return { state: "none" };
  }

  /** False when the browser refused to keep it. */
  keep(code: string): boolean {
    if (code === this.server) {
      store.remove(this.key);
      return true;
    }
    return store.set(this.key, JSON.stringify({ code, base: this.server } satisfies Kept));
  }

  /** The reader has decided about the version that was put aside. */
  forget(): void {
    store.remove(this.aside);
  }

  private read(key: string): Kept | null {
    const raw = store.get(key);
    return raw === null ? null : (JSON.parse(raw) as Kept);
  }
}
