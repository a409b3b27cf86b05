// Keeps what is typed on the desk: in this browser at once, on the server after every pause. Nothing that another tab or device
// has saved is overwritten before the reader says so.
import { announce, keepFromHistory, text } from "../shared";
import { type Place, saveDraft, saveOnTheWayOut, type ServerDraft } from "./draft-server";
import { DraftStore, type KeptProgram, Origins, type Program, sameProgram } from "./draft-store";
import { putProgram, readProgram } from "./form-program";
import { offerOther, showConflict, showNotice } from "./notices";
import { SaveState } from "./save-state";

const KEEP_AFTER_MS = 250;
const SAVE_AFTER_MS = 800;
const LONGEST_WAIT_SECONDS = 30;

interface News {
  key: string;
  draft: ServerDraft;
}

export class DraftKeeper {
  readonly say = showNotice;
  private readonly store: DraftStore;
  private readonly channel: BroadcastChannel | null;
  private readonly state: SaveState;
  private saved: Program;
  private revision: number;
  private touched = false;
  private conflict: ServerDraft | null = null;
  private saving: Promise<void> | null = null;
  private keepTimer = 0;
  private saveTimer = 0;
  private failures = 0;
  /** What this page has sent or taken over: where the server has that, the page continues it, whatever its revision. */
  private readonly origins = new Origins();

  constructor(
    private readonly form: HTMLFormElement,
    private readonly key: string,
    private readonly place: Place,
  ) {
    this.revision = Number(form.dataset["revision"]);
    this.store = new DraftStore(key);
    const elsewhere = form.querySelector("script[data-saved]")?.textContent;
    const served = readProgram(form, (area) => area.defaultValue);
    this.saved = elsewhere ? (JSON.parse(elsewhere) as Program) : served;
    this.state = new SaveState(form.querySelector("[data-editor-state]"), form.dataset["savedAt"]);
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel("codezest-drafts") : null;
    keepFromHistory(form);
    this.listen();
    // What was typed while this was loaded.
    if (!sameProgram(this.program(), served)) this.changed();
    this.store.findOrphans((lost, left) => this.bringBack(lost, left));
  }

  /** Put a program into the editors, or make another page of it where it has other files. What stood there comes back with Undo. */
  replace(program: Program, message: string): void {
    const before = this.program();
    if (this.put(program)) showNotice(this.form, message, [text("editor.undo"), () => this.put(before)]);
    else void this.saveAndReload(program);
  }

  /** Everything that was typed is on the server, or cannot be. */
  async flush(): Promise<void> {
    await this.saving;
    if (this.touched) await this.save();
  }

  private async saveAndReload(program: Program): Promise<void> {
    await this.saving;
    const answer = await saveDraft(this.place, program, this.revision);
    if (answer.state !== "saved") return;
    this.touched = false;
    this.store.forget();
    location.assign(`${location.pathname}?view=code`);
  }

  private program(): Program {
    return readProgram(this.form);
  }

  private put(program: Program): boolean {
    return putProgram(this.form, program);
  }

  private get revisionField(): HTMLInputElement | null {
    return this.form.querySelector('input[name="revision"]');
  }

  private get isSaved(): boolean {
    return sameProgram(this.program(), this.saved);
  }

  private listen(): void {
    this.form.addEventListener("program-changed", () => this.changed());
    this.form.addEventListener("htmx:before:request", () => {
      this.touched = true;
      this.saveSoon(0);
    });
    this.form.addEventListener("htmx:finally:request", () => this.state.show());
    // What the page sends as a form names the revision, so what is on its way must have arrived.
    this.form.addEventListener("submit", (event) => {
      const button = event.submitter as HTMLButtonElement | null;
      if (this.conflict || !this.saving || button?.formTarget === "_blank") return;
      event.preventDefault();
      void this.saving.then(() => this.form.requestSubmit(button));
    });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("online", () => this.saveNow());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.saveNow();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.state.isLost && !this.isSaved) event.preventDefault();
    });
    this.channel?.addEventListener("message", ({ data }: MessageEvent<News>) => {
      if (data.key === this.key) this.hear(data.draft);
    });
    this.form.querySelector("[data-put-back]")?.addEventListener("click", (event) => {
      if (!this.put(this.saved)) return;
      event.preventDefault();
      this.form.querySelector("[data-restored]")?.remove();
      history.replaceState(history.state, "", location.pathname);
    });
  }

  private changed(): void {
    this.touched = true;
    if (!this.isSaved && !this.conflict && this.failures === 0) this.state.saving();
    window.clearTimeout(this.keepTimer);
    this.keepTimer = window.setTimeout(() => this.keepHere(), KEEP_AFTER_MS);
    this.saveSoon();
  }

  private keepHere(): void {
    window.clearTimeout(this.keepTimer);
    if (this.isSaved) {
      this.store.forget();
      return;
    }
    const kept = this.store.keep({ ...this.program(), revision: this.revision, sent: this.origins.newest, at: Date.now() });
    this.state.lost(!kept);
  }

  private saveSoon(after = SAVE_AFTER_MS): void {
    window.clearTimeout(this.saveTimer);
    this.saveTimer = window.setTimeout(() => void this.save(), after);
  }

  private saveNow(): void {
    if (this.touched) this.saveSoon(0);
  }

  private async save(): Promise<void> {
    window.clearTimeout(this.saveTimer);
    if (this.saving || this.conflict) return;
    if (this.isSaved) {
      this.keepHere();
      this.state.same();
      return;
    }
    this.saving = this.send();
    await this.saving;
    this.saving = null;
    if (!this.isSaved && !this.conflict && this.failures === 0 && !this.state.isStopped) this.saveSoon();
  }

  private async send(): Promise<void> {
    const program = this.program();
    this.origins.add(program);
    this.state.saving();
    const answer = await saveDraft(this.place, program, this.revision);
    switch (answer.state) {
      case "saved":
        if (this.failures > 0) announce(text("draft.savedAgain"));
        this.failures = 0;
        this.took(program, answer.revision);
        this.state.savedAt(answer.at);
        this.tell({ ...program, revision: answer.revision, saved_at: new Date(answer.at).toISOString() });
        break;
      case "conflict":
        this.disagree(answer.draft);
        break;
      case "failed":
        if (this.failures === 0) announce(text("draft.offline"));
        this.failures += 1;
        this.state.offline();
        this.saveSoon(1000 * Math.min(LONGEST_WAIT_SECONDS, answer.retryAfter * 2 ** (this.failures - 1)));
        break;
      default:
        this.state.stopped(text(answer.state === "signed-out" ? "draft.signedOut" : "draft.refused"));
    }
  }

  /** The server has this program under this revision now. */
  private took(program: Program, revision: number): void {
    this.saved = program;
    this.revision = revision;
    if (this.revisionField) this.revisionField.value = String(revision);
    this.keepHere();
    if (new URLSearchParams(location.search).has("program")) history.replaceState(history.state, "", location.pathname);
  }

  private tell(draft: ServerDraft): void {
    this.channel?.postMessage({ key: this.key, draft } satisfies News);
  }

  /** Another tab has saved. */
  private hear(draft: ServerDraft): void {
    if (draft.revision <= this.revision) return;
    if (!sameProgram(draft, this.program())) {
      this.disagree(draft);
      return;
    }
    this.settled();
    this.took(draft, draft.revision);
    this.state.savedAt(Date.parse(draft.saved_at));
  }

  private settled(): void {
    this.conflict = null;
    this.form.querySelector("[data-conflict]")?.remove();
  }

  private disagree(draft: ServerDraft): void {
    if (this.origins.include(draft)) {
      this.saved = draft;
      this.revision = draft.revision;
      this.saveSoon(0);
      return;
    }
    this.conflict = draft;
    this.keepHere();
    this.state.stopped(text("draft.here"));
    showConflict(this.form, Date.parse(draft.saved_at), {
      keep: () => this.keepThisOne(draft),
      take: () => this.takeTheOther(draft),
    });
  }

  private keepThisOne(draft: ServerDraft): void {
    this.settled();
    this.saved = draft;
    this.revision = draft.revision;
    this.saveSoon(0);
  }

  private takeTheOther(draft: ServerDraft): void {
    const mine = this.program();
    this.settled();
    this.saved = draft;
    this.revision = draft.revision;
    if (!this.put(draft)) {
      // What stood here stays in this browser, and the page that comes offers it.
      this.store.keep({ ...mine, revision: -1, at: Date.now() });
      this.touched = false;
      location.assign(`${location.pathname}?view=code`);
      return;
    }
    this.took(draft, draft.revision);
    this.state.savedAt(Date.parse(draft.saved_at));
    showNotice(this.form, text("draft.taken"), [text("editor.undo"), () => this.put(mine)]);
  }

  /** What a page of this browser left when it crashed, or when there was no connection. */
  private bringBack(key: string, program: KeptProgram): void {
    if (sameProgram(program, this.saved) || sameProgram(program, this.program())) {
      this.store.forget(key);
      return;
    }
    // What was left besides is offered by the next page.
    if (this.form.querySelector(":scope > .editor-notice")) return;
    const known = program.revision === this.revision || (program.sent && sameProgram(program.sent, this.saved));
    if (known && !this.touched && !this.form.querySelector("script[data-saved]") && this.put(program)) {
      const before = this.saved;
      this.origins.add(program.sent);
      this.origins.add(program);
      this.store.forget(key);
      showNotice(this.form, text("editor.restored"), [text("editor.discard"), () => this.put(before)]);
    } else this.offer(key, program);
  }

  private offer(key: string, program: KeptProgram): void {
    offerOther(this.form, program.at, {
      take: () => {
        this.store.forget(key);
        this.replace(program, text("editor.restored"));
      },
      discard: () => this.store.forget(key),
    });
  }

  private leave(): void {
    if (!this.touched || this.isSaved) return;
    this.keepHere();
    if (!this.conflict) saveOnTheWayOut(this.place, this.program(), this.revision);
  }
}
