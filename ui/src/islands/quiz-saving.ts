// Keeps an attempt: in this browser at once, on the server at pauses. Two pages never overwrite each other silently.
import { explain } from "../exchanges";
import { store } from "../dom";
import { text } from "../messages";

export interface Kept {
  option_ids: string[];
  /** Text by field; missing in what an older page has kept. */
  entries?: Record<string, string>;
  flagged: boolean;
  seconds_spent: number;
}

export interface Standing {
  questions: Record<string, Kept>;
  current: string | null;
}

interface Local extends Standing {
  /** Of the saved answers that these continue. */
  revision: number;
  /** The tab that wrote it; survives a reload. */
  page: string;
  /** The document that wrote it; does not. */
  instance: string;
  saved: boolean;
}

export interface View {
  read(): Standing;
  apply(standing: Standing): void;
  say(state: string): void;
  /** Another page has gone on with the attempt. `theirs` is what it left in this browser; null: only the server has it. */
  elsewhere(theirs: Standing | null): void;
}

const QUIET_MS = 6_000;
const MOST_MS = 45_000;
const RETRY_SECONDS = [5, 10, 20, 30];

export class Saving {
  readonly page: string;
  private readonly key: string;
  private readonly instance = crypto.randomUUID();
  private readonly revisionField: HTMLInputElement | null;
  private timer = 0;
  private changedAt = 0;
  private failures = 0;
  private dirty = false;
  private stopped = false;
  private sending: AbortController | null = null;
  /** The newest revision heard of elsewhere; it counts once the reader has chosen. */
  private heard: number | null = null;
  /** The reader has just chosen this page's answers, so that one newer save elsewhere does not ask again. */
  private insisting = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly view: View,
  ) {
    this.key = `codezest:quiz:${form.dataset["quiz"]}`;
    this.revisionField = form.querySelector('input[name="revision"]');
    this.page = this.nameOfTab();
    // Answers kept for other attempts have served their purpose.
    store.removeOthers("codezest:quiz:", this.key);
    window.addEventListener("storage", (event) => {
      if (event.key === this.key && event.newValue) this.seen(this.parse(event.newValue));
    });
    window.addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.leave();
    });
    window.addEventListener("online", () => {
      if (this.dirty) void this.send();
    });
  }

  /** Whether another page went on with the attempt, and the reader has not chosen yet. */
  get undecided(): boolean {
    return this.heard !== null;
  }

  get revision(): number {
    return Number(this.revisionField?.value ?? 0);
  }

  private set revision(value: number) {
    if (this.revisionField) this.revisionField.value = String(value);
  }

  /** Bring back what this browser holds and the server does not, but for what stands in the page already: `typed` is newer. */
  restore(typed: Record<string, Kept>): void {
    const local = this.parse(store.get(this.key));
    if (!local || local.saved || this.form.dataset["refused"] !== undefined) {
      if (Object.keys(typed).length > 0) this.changed();
      return;
    }
    // Where the server holds what the same tab wrote, this browser has the same or more.
    if (local.revision === this.revision || local.page === this.form.dataset["page"]) {
      this.view.apply({ ...local, questions: { ...local.questions, ...typed } });
      this.changed();
    } else {
      this.stopped = true;
      this.heard = this.revision;
      this.view.elsewhere(local);
    }
  }

  changed(): void {
    if (this.stopped) return;
    this.dirty = true;
    const kept = this.keepHere(false);
    if (!kept) this.view.say("");
    this.changedAt ||= Date.now();
    this.schedule(Math.min(QUIET_MS, Math.max(0, this.changedAt + MOST_MS - Date.now())));
  }

  /** The reader has chosen between this page and another: go on with what stands here, in place of what was saved. */
  goOn(): void {
    this.stopped = false;
    this.revision = this.heard ?? this.revision;
    this.heard = null;
    this.insisting = true;
    this.keepHere(false);
    this.dirty = true;
    void this.send();
  }

  /** The reader has chosen what the server holds. */
  forget(): void {
    this.stop();
    store.remove(this.key);
  }

  /** The form itself is sent now. */
  stop(): void {
    this.stopped = true;
    this.sending?.abort();
    window.clearTimeout(this.timer);
  }

  resume(): void {
    this.stopped = false;
  }

  private leave(): void {
    if (!this.dirty || this.stopped) return;
    this.keepHere(false);
    void this.send(true);
  }

  private schedule(milliseconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), milliseconds);
  }

  private keepHere(saved: boolean): boolean {
    const local: Local = { ...this.view.read(), revision: this.revision, page: this.page, instance: this.instance, saved };
    return store.set(this.key, JSON.stringify(local));
  }

  /** Another document of this browser has written. */
  private seen(other: Local | null): void {
    if (!other || other.instance === this.instance || (this.stopped && !this.undecided)) return;
    this.stopped = true;
    window.clearTimeout(this.timer);
    this.heard = Math.max(this.revision, other.revision);
    this.view.elsewhere(other);
  }

  private async send(leaving = false): Promise<void> {
    if (this.stopped || !this.dirty) return;
    if (this.sending && !leaving) return;
    this.sending?.abort();
    window.clearTimeout(this.timer);
    const sending = (this.sending = new AbortController());
    this.dirty = false;
    this.changedAt = 0;
    if (!leaving) this.view.say(text("quiz.saving"));
    try {
      const response = await fetch(this.form.dataset["save"] ?? "", {
        method: "PUT",
        keepalive: leaving,
        signal: sending.signal,
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.token() },
        body: JSON.stringify({ ...this.view.read(), revision: this.revision, page: this.page }),
      });
      await this.answered(response);
    } catch {
      if (sending.signal.aborted) this.dirty = true;
      else this.failed(text("quiz.unsaved"));
    } finally {
      if (this.sending === sending) this.sending = null;
    }
  }

  private async answered(response: Response): Promise<void> {
    if (response.ok) {
      this.failures = 0;
      this.insisting = false;
      this.revision = ((await response.json()) as { revision: number }).revision;
      this.keepHere(!this.dirty);
      this.view.say(this.dirty ? "" : text("quiz.saved"));
      if (this.dirty) this.schedule(QUIET_MS);
      return;
    }
    const problem = (await response.clone().json().catch(() => ({}))) as { type?: string; revision?: number };
    if (response.status !== 409) return this.failed(response.status === 401 ? text("quiz.loggedOut") : await explain(response));
    const isElsewhere = problem.type?.endsWith("attempt-saved-elsewhere") ?? false;
    if (isElsewhere && this.insisting && problem.revision !== undefined) {
      this.insisting = false;
      this.revision = problem.revision;
      this.dirty = true;
      this.schedule(0);
      return;
    }
    this.stopped = true;
    if (isElsewhere) {
      this.heard = problem.revision ?? this.revision;
      this.view.elsewhere(null);
    } else {
      // It is over: the page of the attempt leads to its result.
      location.assign(location.pathname);
    }
  }

  private failed(message: string): void {
    this.dirty = true;
    this.view.say(message);
    const seconds = RETRY_SECONDS[Math.min(this.failures++, RETRY_SECONDS.length - 1)] ?? 30;
    this.schedule(seconds * 1000);
  }

  private token(): string {
    return this.form.querySelector<HTMLInputElement>('input[name="csrf_token"]')?.value ?? "";
  }

  private nameOfTab(): string {
    const key = `${this.key}:tab`;
    try {
      const known = sessionStorage.getItem(key);
      if (known) return known;
      const fresh = crypto.randomUUID();
      sessionStorage.setItem(key, fresh);
      return fresh;
    } catch {
      return this.instance;
    }
  }

  private parse(raw: string | null): Local | null {
    if (!raw) return null;
    try {
      const found = JSON.parse(raw) as Partial<Local>;
      return typeof found === "object" && found.questions && typeof found.revision === "number" ? (found as Local) : null;
    } catch {
      return null;
    }
  }
}
