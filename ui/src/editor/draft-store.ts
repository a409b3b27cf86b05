// Programs that this browser keeps until the server has them.
import { KeptStore } from "./kept-store";

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
export class DraftStore extends KeptStore<KeptProgram> {
  constructor(draft: string) {
    super(`${PREFIX}${draft}:`, parse);
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
