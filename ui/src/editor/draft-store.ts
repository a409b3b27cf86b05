// Programs that this browser keeps until the server has them. Each page keeps its own, so that no tab overwrites another's.
import { store } from "../dom";

export interface Program {
  code: string;
  files: Record<string, string>;
}

export interface KeptProgram extends Program {
  /** The revision on the server that it continues. */
  revision: number;
  /** What the page had sent before, whose answer it may not have heard. */
  sent?: Program | undefined;
  /** When it was typed, in milliseconds since 1970. */
  at: number;
}

const PREFIX = "codezest:desk:";
/** How long a page that is closing may take. */
const WAIT_MS = 4000;
const REMEMBERED = 4;

export function sameProgram(one: Program, other: Program): boolean {
  const paths = Object.keys(one.files);
  return (
    one.code === other.code &&
    paths.length === Object.keys(other.files).length &&
    paths.every((path) => one.files[path] === other.files[path])
  );
}

/** The last programs that a page has sent or taken over. */
export class Origins {
  private readonly programs: Program[] = [];

  get newest(): Program | undefined {
    return this.programs.at(-1);
  }

  add(program: Program | undefined): void {
    if (program) this.programs.push(program);
    this.programs.splice(0, this.programs.length - REMEMBERED);
  }

  include(program: Program): boolean {
    return this.programs.some((known) => sameProgram(known, program));
  }
}

/** What one page keeps of one draft. */
export class DraftStore {
  private readonly prefix: string;
  private readonly own: string;

  constructor(draft: string) {
    this.prefix = `${PREFIX}${draft}:`;
    this.own = `${this.prefix}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    // Held for as long as the page lives: so others know that this program is not an orphan.
    navigator.locks?.request(this.own, () => new Promise(() => undefined)).catch(() => undefined);
  }

  /** False when the browser refused: private mode, no space. */
  keep(program: KeptProgram): boolean {
    return store.set(this.own, JSON.stringify(program));
  }

  forget(key = this.own): void {
    store.remove(key);
  }

  /** Hands over what pages have left that are gone, the newest first. One that is just going is waited for. */
  findOrphans(take: (key: string, program: KeptProgram) => void): void {
    const found: [string, KeptProgram][] = [];
    for (const key of this.keys()) {
      const program = key === this.own ? null : parse(store.get(key));
      if (program) found.push([key, program]);
    }
    found.sort(([, one], [, other]) => other.at - one.at);
    const signal = AbortSignal.timeout(WAIT_MS);
    for (const [key, program] of found) {
      if (!navigator.locks) take(key, program);
      else navigator.locks.request(key, { signal }, () => take(key, program)).catch(() => undefined);
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

function parse(json: string | null): KeptProgram | null {
  try {
    const found = JSON.parse(json ?? "null") as KeptProgram | null;
    return found && typeof found.code === "string" && typeof found.files === "object" ? found : null;
  } catch {
    return null;
  }
}
