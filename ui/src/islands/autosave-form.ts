// A form of the studio whose text is never lost: kept in this browser as it is typed, saved by itself while learners do not see it yet.
import { announce, explain, htmx, keepFromHistory, make, makeButton, text } from "../shared";

import { KeptStore, type Kept } from "../editor/kept-store";
import { SaveState } from "../editor/save-state";

const KEEP_MS = 400;
const SAVE_MS = 1500;
const RETRY_MS = 5000;
const OFFERED = 3;
const OWN = new Set(["csrf_token", "revision", "status", "autosave"]);
export const PREFIX = "codezest:form:";

type Fields = [string, string][];

interface KeptForm extends Kept {
  /** What it was written on; empty for what is new. */
  revision: string;
  fields: Fields;
  /** Whether it was being sent when the page went. */
  sent: boolean;
}

function parse(json: string | null): KeptForm | null {
  try {
    const found = JSON.parse(json ?? "null") as KeptForm | null;
    return found && Array.isArray(found.fields) && typeof found.revision === "string" ? found : null;
  } catch {
    return null;
  }
}

class AutosaveForm {
  private readonly state: SaveState;
  private readonly kept: KeptStore<KeptForm>;
  private readonly live: boolean;
  /** What the server has. */
  private first: string;
  private keeping = 0;
  private saving = 0;
  private busy = false;
  private stopped = false;
  private leaving = false;

  constructor(private readonly form: HTMLFormElement) {
    this.kept = new KeptStore(`${PREFIX}${form.dataset["autosave"] ?? ""}:`, parse);
    this.live = form.dataset["live"] === "true";
    this.state = new SaveState(form.querySelector("[data-editor-state]"), undefined);
    // A page that shows again what was typed has nothing yet that the server has.
    this.first = form.dataset["typed"] === undefined ? this.asServed() : "";
    keepFromHistory(form);
    for (const name of ["input", "change", "program-changed", "htmx:after:swap"]) form.addEventListener(name, () => this.changed());
    form.addEventListener("submit", () => {
      window.clearTimeout(this.saving);
      this.stopped = true;
      this.leaving = true;
      this.keep();
    });
    window.addEventListener("pageshow", () => {
      this.leaving = false;
      delete document.documentElement.dataset["leaving"];
    });
    window.addEventListener("pagehide", () => this.keep());
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && this.first !== this.now()) event.preventDefault();
    });
    if (this.first) this.kept.findOrphans((key, kept) => this.offer(key, kept));
    else this.keep();
    // Whoever typed before this script came has typed all the same.
    if (this.first && this.first !== this.now()) this.changed();
  }

  private asServed(): string {
    const copy = this.form.cloneNode(true) as HTMLFormElement;
    copy.reset();
    return JSON.stringify(this.fields(copy));
  }

  private fields(form = this.form): Fields {
    return [...new FormData(form)].filter((pair): pair is [string, string] => typeof pair[1] === "string" && !OWN.has(pair[0]));
  }

  private now(): string {
    return JSON.stringify(this.fields());
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
    if (document.documentElement.dataset["leaving"] !== undefined) return;
    const fields = this.fields();
    if (JSON.stringify(fields) === this.first) {
      this.kept.forget();
      if (!this.live) this.state.same();
      return;
    }
    const kept: KeptForm = { revision: this.revision?.value ?? "", fields, sent: this.leaving, at: Date.now() };
    if (!this.kept.keep(kept)) this.state.lost(true);
    else if (!this.live || this.stopped) this.state.stopped(text("form.leaving"));
  }

  private async save(): Promise<void> {
    if (this.busy) {
      this.changed();
      return;
    }
    const sent = this.now();
    if (sent === this.first) return;
    this.busy = true;
    this.state.saving();
    const body = new URLSearchParams({ autosave: "1" });
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string" && name !== "status") body.append(name, value);
    try {
      const answer = await fetch(this.form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok && !answer.redirected) await this.saved(answer, sent);
      else if (answer.status >= 500 || answer.status === 429) this.later();
      else await this.refused(answer);
    } catch {
      this.state.offline();
      this.later();
    } finally {
      this.busy = false;
    }
  }

  private async saved(answer: Response, sent: string): Promise<void> {
    const { revision, saved_at } = (await answer.json()) as { revision: string; saved_at: string };
    if (this.revision) this.revision.value = revision;
    this.first = sent;
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
    const signedOut = answer.status === 401 || answer.redirected;
    this.stopped = conflict || signedOut;
    const words = signedOut ? text("draft.signedOut") : await explain(answer);
    this.state.stopped(conflict ? text("draft.here") : words);
    this.form.querySelector("[data-conflict]")?.remove();
    if (conflict) this.form.prepend(make("div", { class: "alert", "data-tone": "warn", "data-conflict": "", role: "alert" }, make("p", { class: "alert-body" }, words)));
  }

  /** What a page that is gone had kept and the server never got. */
  private offer(key: string, kept: KeptForm): void {
    const revision = this.revision?.value ?? "";
    if (JSON.stringify(kept.fields) === this.first || (kept.sent && kept.revision !== revision)) {
      this.kept.forget(key);
      return;
    }
    if (this.form.querySelectorAll("[data-kept]").length >= OFFERED) return;
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }).format(kept.at);
    const words = [text("form.unsaved", { time }), ...(kept.revision === revision ? [] : [text("form.changed")])].join(" ");
    const box = make("div", { class: "alert", "data-tone": "info", "data-kept": "" }, make("p", { class: "alert-body" }, words));
    box.append(
      makeButton(text("editor.restore"), "secondary", () => void this.restore(key, kept, box)),
      makeButton(text("editor.discard"), "quiet", () => {
        this.kept.forget(key);
        box.remove();
        this.form.querySelector<HTMLElement>("input:not([type=hidden]), textarea")?.focus();
      }),
    );
    this.form.prepend(box);
    announce(words);
  }

  /** The server shows the form again as it does for its own buttons, with as many rows as there were. */
  private async restore(key: string, kept: KeptForm, box: HTMLElement): Promise<void> {
    const token = new FormData(this.form).get("csrf_token");
    const own: Fields = [["csrf_token", typeof token === "string" ? token : ""], ["revision", kept.revision], ["do", "restore"]];
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: new URLSearchParams([...kept.fields, ...own]), headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = [...page.querySelectorAll<HTMLFormElement>("form[data-autosave]")].find((one) => one.dataset["autosave"] === this.form.dataset["autosave"]);
      if (!answer.ok || !fresh) throw new Error(String(answer.status));
      this.form.replaceChildren(...fresh.childNodes);
    } catch {
      box.querySelector("p")?.replaceChildren(text(navigator.onLine ? "net.failed" : "net.offline"));
      return;
    }
    this.kept.forget(key);
    htmx.process(this.form);
    this.state.place = this.form.querySelector("[data-editor-state]");
    announce(text("form.restored"));
    this.form.querySelector<HTMLElement>("input:not([type=hidden]), textarea")?.focus();
    this.changed();
  }
}

export function autosave(form: HTMLElement): void {
  new AutosaveForm(form as HTMLFormElement);
}
