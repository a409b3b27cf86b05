// A form of the studio that is kept as it is typed: in this browser always, on the server while learners do not see it yet.
import { make, makeButton, store } from "../dom";
import type { CodeEditor } from "../editor/code-editor";
import { SaveState } from "../editor/save-state";
import { explain } from "../exchanges";
import { text } from "../messages";

const KEEP_MS = 400;
const SAVE_MS = 1500;
const RETRY_MS = 5000;
const OWN = new Set(["csrf_token", "revision", "status", "autosave"]);

interface Kept {
  revision: string;
  fields: Record<string, string>;
}

class AutosaveForm {
  private readonly state: SaveState;
  private readonly key: string;
  private readonly live: boolean;
  private first: string;
  private keeping = 0;
  private saving = 0;
  private busy = false;
  private stopped = false;

  constructor(private readonly form: HTMLFormElement) {
    this.key = `codezest:form:${form.dataset["autosave"] ?? ""}`;
    this.live = form.dataset["live"] === "true";
    this.state = new SaveState(form.querySelector("[data-editor-state]"), undefined);
    this.first = JSON.stringify(this.fields());
    for (const name of ["input", "change", "program-changed"]) form.addEventListener(name, () => this.changed());
    form.addEventListener("submit", () => {
      window.clearTimeout(this.saving);
      this.stopped = true;
    });
    window.addEventListener("pagehide", () => this.keep());
    this.offer();
  }

  private fields(): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !OWN.has(name)) found[name] = value;
    }
    return found;
  }

  private get revision(): HTMLInputElement | null {
    const field = this.form.elements.namedItem("revision");
    return field instanceof HTMLInputElement ? field : null;
  }

  private changed(): void {
    window.clearTimeout(this.keeping);
    this.keeping = window.setTimeout(() => this.keep(), KEEP_MS);
    if (!this.live || this.stopped) return;
    window.clearTimeout(this.saving);
    this.saving = window.setTimeout(() => void this.save(), SAVE_MS);
  }

  private keep(): void {
    const fields = this.fields();
    if (JSON.stringify(fields) === this.first) {
      store.remove(this.key);
      return;
    }
    const kept: Kept = { revision: this.revision?.value ?? "", fields };
    if (!store.set(this.key, JSON.stringify(kept))) this.state.lost(true);
    else if (!this.live || this.stopped) this.state.stopped(text("draft.here"));
  }

  private async save(): Promise<void> {
    if (this.busy) {
      this.changed();
      return;
    }
    const sent = this.fields();
    if (JSON.stringify(sent) === this.first) return;
    this.busy = true;
    this.state.saving();
    const body = new URLSearchParams({ autosave: "1" });
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && name !== "status") body.append(name, value);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok) await this.saved(answer, sent);
      else if (answer.status >= 500 || answer.status === 429) this.later();
      else await this.refused(answer);
    } catch {
      this.state.offline();
      this.later();
    } finally {
      this.busy = false;
    }
  }

  private async saved(answer: Response, sent: Record<string, string>): Promise<void> {
    const { revision, saved_at } = (await answer.json()) as { revision: string; saved_at: string };
    if (this.revision) this.revision.value = revision;
    this.first = JSON.stringify(sent);
    this.state.savedAt(Date.parse(saved_at));
    this.keep();
  }

  private later(): void {
    window.clearTimeout(this.saving);
    this.saving = window.setTimeout(() => void this.save(), RETRY_MS);
  }

  /** Nothing is overwritten: what was typed stays in the form, and saving it is the writer's decision. */
  private async refused(answer: Response): Promise<void> {
    const conflict = answer.status === 409;
    this.stopped = conflict || answer.status === 401;
    const words = answer.status === 401 || answer.redirected ? text("draft.signedOut") : await explain(answer);
    this.state.stopped(conflict ? text("draft.here") : words);
    this.form.querySelector("[data-conflict]")?.remove();
    if (conflict) this.form.prepend(make("div", { class: "alert", "data-tone": "warn", "data-conflict": "", role: "alert" }, make("p", { class: "alert-body" }, words)));
  }

  /** What this browser kept of an earlier visit and never arrived. */
  private offer(): void {
    const raw = store.get(this.key);
    if (!raw) return;
    const kept = JSON.parse(raw) as Kept;
    if (JSON.stringify(kept.fields) === this.first) {
      store.remove(this.key);
      return;
    }
    const box = make("div", { class: "alert", "data-tone": "info", role: "status" }, make("p", { class: "alert-body" }, text("editor.conflict")));
    box.append(
      makeButton(text("editor.restore"), "secondary", () => {
        this.bringBack(kept.fields);
        box.remove();
      }),
      makeButton(text("editor.discard"), "quiet", () => {
        store.remove(this.key);
        box.remove();
      }),
    );
    this.form.prepend(box);
  }

  private bringBack(fields: Record<string, string>): void {
    for (const [name, value] of Object.entries(fields)) {
      const field = this.form.elements.namedItem(name);
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)) continue;
      const editor = field.closest<CodeEditor>("code-editor");
      if (editor) editor.value = value;
      else field.value = value;
    }
    this.changed();
  }
}

export function autosave(form: HTMLElement): void {
  new AutosaveForm(form as HTMLFormElement);
}
