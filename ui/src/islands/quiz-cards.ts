// The questions of an attempt as they stand in the page: what is answered, what is flagged, how long each was looked at.
import type { CodeEditor } from "../editor/code-editor";
import type { Kept, Standing } from "./quiz-saving";

type Entry = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const isChoice = (input: HTMLInputElement): boolean => input.type === "radio" || input.type === "checkbox";

/** What an entry holds before anything is typed: of a program, what it starts from. */
const starterOf = (entry: Entry): string =>
  entry.closest("code-editor")?.querySelector<HTMLTemplateElement>("template[data-starter]")?.content.textContent ?? "";

function fill(entry: Entry, value: string): void {
  const editor = entry.closest<CodeEditor>("code-editor");
  if (editor) editor.value = value;
  else entry.value = value;
}

/** What an entry held as the server sent it. */
const servedIn = (entry: Entry): string =>
  entry instanceof HTMLSelectElement ? (([...entry.options].find((option) => option.defaultSelected) ?? entry.options[0])?.value ?? "") : entry.defaultValue;

export class Card {
  readonly id: string;
  private readonly before: number;
  private watched = 0;
  private since: number | null = null;

  constructor(readonly element: HTMLElement) {
    this.id = element.dataset["id"] ?? "";
    this.before = Number(element.dataset["seconds"] ?? 0);
  }

  /** What is typed or selected, as opposed to chosen. */
  get entries(): Entry[] {
    return [...this.element.querySelectorAll<Entry>("[data-entry]")];
  }

  get inputs(): HTMLInputElement[] {
    return [...this.element.querySelectorAll<HTMLInputElement>('input[name^="answer-"]')];
  }

  get choices(): HTMLInputElement[] {
    return this.inputs.filter(isChoice);
  }

  get answered(): boolean {
    return this.choices.some((input) => input.checked) || this.entries.some((entry) => entry.value.trim() !== starterOf(entry).trim());
  }

  get flag(): HTMLInputElement | null {
    return this.element.querySelector<HTMLInputElement>("[data-flag]");
  }

  get flagged(): boolean {
    return this.flag?.checked ?? false;
  }

  get seconds(): number {
    const running = this.since === null ? 0 : performance.now() - this.since;
    return Math.min(86_400, this.before + Math.max(0, Math.round((this.watched + running) / 1000)));
  }

  look(): void {
    this.since ??= performance.now();
  }

  lookAway(): void {
    if (this.since !== null) this.watched += performance.now() - this.since;
    this.since = null;
  }

  get kept(): Kept {
    const chosen = this.choices.filter((input) => input.checked).map((input) => input.value);
    const filled = this.entries.filter((entry) => entry.value !== "").map((entry) => [entry.dataset["entry"] ?? "", entry.value]);
    return { option_ids: chosen, entries: Object.fromEntries(filled), flagged: this.flagged, seconds_spent: this.seconds };
  }

  private get boxes(): HTMLInputElement[] {
    return this.flag ? [...this.choices, this.flag] : this.choices;
  }

  /** Whether it stands otherwise than the server sent it. */
  get isChanged(): boolean {
    return this.boxes.some((input) => input.checked !== input.defaultChecked) || this.entries.some((entry) => entry.value !== servedIn(entry));
  }

  show(kept: Kept | undefined): void {
    for (const input of this.choices) input.checked = kept?.option_ids.includes(input.value) ?? false;
    for (const entry of this.entries) fill(entry, kept?.entries?.[entry.dataset["entry"] ?? ""] ?? starterOf(entry));
    if (this.flag) this.flag.checked = kept?.flagged ?? false;
  }
}

export function standing(cards: Card[], current: Card | undefined): Standing {
  return { questions: Object.fromEntries(cards.map((card) => [card.id, card.kept])), current: current?.id ?? null };
}
