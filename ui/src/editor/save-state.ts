// The words beside the buttons that say where the program is. Seen at any time; spoken only when it stops or starts to be safe.
import { text } from "../shared";

const TICK_MS = 1000;

export class SaveState {
  /** Whether not even this browser keeps what is typed. */
  isLost = false;
  /** Whether saving waits for the reader. */
  isStopped = false;
  private saved: number | null;
  private words: string | null = null;
  private readonly ago = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short", numeric: "auto" });

  constructor(
    /** Where the words stand. */
    public place: Element | null,
    savedAt: string | undefined,
  ) {
    this.saved = savedAt ? Date.parse(savedAt) : null;
    this.show();
    window.setInterval(() => {
      if (this.words === null && document.visibilityState === "visible") this.show();
    }, TICK_MS);
  }

  saving(): void {
    this.say(text("draft.saving"));
  }

  savedAt(moment: number): void {
    this.isStopped = false;
    // Clocks differ; nothing was saved in the future.
    this.saved = Math.min(moment, Date.now());
    this.say(null);
  }

  /** There is nothing to save any more. */
  same(): void {
    if (!this.isStopped) this.say(null);
  }

  offline(): void {
    this.say(text("draft.offline"));
  }

  stopped(words: string): void {
    this.isStopped = true;
    this.say(words);
  }

  lost(isLost: boolean): void {
    this.isLost = isLost;
    if (isLost) this.say(text("editor.unsaved"));
  }

  show(): void {
    const words = this.words ?? (this.saved === null ? "" : text("draft.saved", { ago: this.since(this.saved) }));
    if (this.place && this.place.textContent !== words) this.place.textContent = words;
  }

  private say(words: string | null): void {
    this.words = words;
    this.show();
  }

  private since(moment: number): string {
    const seconds = Math.max(0, Math.floor((Date.now() - moment) / 1000));
    if (seconds < 10) return this.ago.format(-seconds, "second");
    if (seconds < 60) return this.ago.format(-10 * Math.floor(seconds / 10), "second");
    if (seconds < 3600) return this.ago.format(-Math.floor(seconds / 60), "minute");
    if (seconds < 86_400) return this.ago.format(-Math.floor(seconds / 3600), "hour");
    return this.ago.format(-Math.floor(seconds / 86_400), "day");
  }
}
