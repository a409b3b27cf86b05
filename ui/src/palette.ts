// The command palette: a combobox over a list of options, as the ARIA authoring practices have it. It shares no code with the
// page's script, so that neither needs a third file.
import type { Visit } from "./islands/palette";

interface Tools {
  recent: Visit[];
  /** Turn the key that opens the palette by itself on or off. */
  toggleSlash: () => void;
}

const PAUSE_MS = 140;

class Palette {
  readonly #dialog: HTMLDialogElement;
  readonly #field: HTMLInputElement;
  readonly #results: HTMLElement;
  readonly #recent: HTMLElement;
  readonly #status: HTMLElement;
  #tools: Tools;
  #active: HTMLElement | null = null;
  #timer = 0;
  #asked = new AbortController();

  constructor(dialog: HTMLDialogElement, tools: Tools) {
    const part = (selector: string): HTMLElement => {
      const found = dialog.querySelector<HTMLElement>(selector);
      if (!found) throw new Error(`the palette lacks ${selector}`);
      return found;
    };
    this.#dialog = dialog;
    this.#tools = tools;
    this.#field = part("[role=combobox]") as HTMLInputElement;
    this.#results = part("[data-palette-results]");
    this.#recent = part("[data-palette-recent]");
    this.#status = part("[data-palette-status]");
    if (!document.querySelector("[data-theme-switch]")) for (const option of dialog.querySelectorAll("[data-theme-choice]")) option.remove();
    if (!document.querySelector('form[action="/logout"]')) dialog.querySelector("[data-log-out]")?.remove();
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#pressed(event));
    part("[data-palette-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => this.#clicked(event));
    dialog.addEventListener("close", () => this.#forget());
  }

  show(tools: Tools): void {
    this.#tools = tools;
    this.#field.value = "";
    this.#results.replaceChildren();
    this.#listRecent();
    this.#filter("");
    this.#dialog.showModal();
    this.#field.focus();
  }

  get open(): boolean {
    return this.#dialog.open;
  }

  /** What may be chosen now; results of what was typed before may not. */
  #options(): HTMLElement[] {
    const stale = this.#results.hasAttribute("data-stale");
    return [...this.#dialog.querySelectorAll<HTMLElement>("[role=option]")].filter(
      (option) => option.offsetParent !== null && !(stale && this.#results.contains(option)),
    );
  }

  #forget(): void {
    this.#asked.abort();
    window.clearTimeout(this.#timer);
  }

  #choose(option: HTMLElement | null): void {
    this.#active?.setAttribute("aria-selected", "false");
    this.#active = option;
    if (!option) {
      this.#field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", option.id);
  }

  #pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const options = this.#options();
    const at = this.#active ? options.indexOf(this.#active) : -1;
    const steps: Record<string, number> = { ArrowDown: (at + 1) % options.length, ArrowUp: at <= 0 ? options.length - 1 : at - 1 };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.#choose(options[next] ?? null);
    } else if (event.key === "Enter" && this.#active) {
      event.preventDefault();
      this.#active.click();
    } else if (event.key === "Escape" && this.#field.value) {
      // The first press empties the field, the next one closes.
      event.preventDefault();
      this.#field.value = "";
      this.#typed();
    }
  }

  #clicked(event: MouseEvent): void {
    const target = event.target as Element;
    if (target === this.#dialog) this.#dialog.close();
    const option = target.closest<HTMLElement>("[role=option]");
    if (!option) return;
    if (option.hasAttribute("href")) {
      // The page behind must not be left darkened where the way leads to a place in it.
      this.#dialog.close();
      return;
    }
    this.#dialog.close();
    const theme = option.dataset["themeChoice"];
    if (theme) document.querySelector<HTMLElement>(`[data-theme-switch] [value="${theme}"]`)?.click();
    if (option.hasAttribute("data-log-out")) document.querySelector<HTMLFormElement>('form[action="/logout"]')?.requestSubmit();
    if (option.hasAttribute("data-slash")) this.#tools.toggleSlash();
  }

  #listRecent(): void {
    for (const old of this.#recent.querySelectorAll("[role=option]")) old.remove();
    this.#tools.recent.forEach((visit, place) => {
      const option = document.createElement("a");
      option.className = "palette-option";
      option.id = `palette-recent-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.tabIndex = -1;
      option.href = visit.path;
      option.dataset["words"] = visit.title.toLowerCase();
      const label = document.createElement("span");
      label.className = "palette-label";
      label.textContent = visit.title;
      option.append(label);
      this.#recent.append(option);
    });
  }

  #filter(query: string): void {
    for (const option of this.#dialog.querySelectorAll<HTMLElement>("[data-words]")) {
      option.hidden = !(option.dataset["words"] ?? "").includes(query);
    }
    for (const group of this.#dialog.querySelectorAll<HTMLElement>("[data-palette-recent], [data-palette-commands]")) {
      group.hidden = group.querySelector("[role=option]:not([hidden])") === null;
    }
    this.#choose(query ? (this.#options()[0] ?? null) : null);
  }

  #typed(): void {
    const query = this.#field.value.trim();
    this.#forget();
    this.#results.toggleAttribute("data-stale", true);
    this.#filter(query.toLowerCase());
    if (query) this.#timer = window.setTimeout(() => void this.#ask(query), PAUSE_MS);
    else {
      this.#results.replaceChildren();
      this.#status.textContent = "";
    }
  }

  async #ask(query: string): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    this.#dialog.toggleAttribute("data-busy", true);
    try {
      const answer = await fetch(`/search/options?q=${encodeURIComponent(query)}`, { signal: asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      if (asked.signal.aborted) return;
      this.#results.replaceChildren(...found.children);
      this.#results.removeAttribute("data-stale");
      this.#status.textContent = this.#results.querySelector<HTMLElement>("[data-summary]")?.dataset["summary"] ?? "";
      // A command that is chosen already stays so: the Enter key must not change its meaning while a finger is on its way.
      this.#choose(this.#active ?? this.#options()[0] ?? null);
    } catch {
      // Enter still leads to the page of results, which says what is wrong.
      if (!asked.signal.aborted) this.#results.replaceChildren();
    } finally {
      if (this.#asked === asked) this.#dialog.toggleAttribute("data-busy", false);
    }
  }
}

let palette: Palette | null = null;

async function made(tools: Tools): Promise<Palette> {
  const answer = await fetch("/search/palette");
  if (!answer.ok) throw new Error(String(answer.status));
  const dialog = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
  if (!dialog) throw new Error("no palette came");
  document.body.append(dialog);
  return new Palette(dialog, tools);
}

/** Show it over the page; a second call while it is open changes nothing. */
export async function show(tools: Tools): Promise<void> {
  palette ??= await made(tools);
  if (!palette.open) palette.show(tools);
}
