import { make, makeButton, store } from "../dom";
import { text } from "../messages";
import { Draft } from "./drafts";
import type { Editor } from "./editor";

const PLAIN_KEY = "codezest:plain-editor";
const KEEP_AFTER_MS = 400;

/**
 * A textarea that becomes an editor. The textarea stays the truth: it carries the value into the form, works alone
 * without scripts, and comes back whenever the reader prefers it.
 */
class CodeEditor extends HTMLElement {
  private editor: Editor | null = null;
  private host: HTMLElement | null = null;
  private area: HTMLTextAreaElement | null = null;
  private draft: Draft | null = null;
  private keeping = 0;
  private observer: IntersectionObserver | null = null;

  connectedCallback(): void {
    this.area = this.querySelector("textarea");
    if (!this.area || this.host) return;
    const name = this.getAttribute("draft");
    if (name) this.draft = new Draft(name, this.area.defaultValue);
    this.area.addEventListener("input", () => this.changed());
    window.addEventListener("pagehide", () => this.keepNow());
    this.addTools();
    this.bringBack();
    if (store.get(PLAIN_KEY) === null) this.enrichWhenNear();
  }

  disconnectedCallback(): void {
    this.keepNow();
    this.observer?.disconnect();
    this.editor?.destroy();
  }

  get value(): string {
    return this.area?.value ?? "";
  }

  set value(code: string) {
    if (!this.area || code === this.area.value) return;
    this.area.value = code;
    this.editor?.setValue(code);
    this.changed();
  }

  private changed(): void {
    window.clearTimeout(this.keeping);
    this.keeping = window.setTimeout(() => this.keepNow(), KEEP_AFTER_MS);
  }

  private keepNow(): void {
    if (!this.keeping) return;
    window.clearTimeout(this.keeping);
    this.keeping = 0;
    if (!this.draft) return;
    const kept = this.draft.keep(this.value);
    this.dispatchEvent(new CustomEvent(kept ? "draft-kept" : "draft-lost", { bubbles: true }));
  }

  private bringBack(): void {
    const found = this.draft?.find();
    if (!found || found.state === "none") return;
    const sent = this.value;
    if (found.state === "newer") {
      this.value = found.code;
      this.notify(text("editor.restored"), [text("editor.discard"), () => (this.value = sent)]);
      return;
    }
    const decide = (code: string): void => {
      this.value = code;
      this.draft?.forget();
    };
    this.notify(
      text("editor.conflict"),
      [text("editor.restore"), () => decide(found.code)],
      [text("editor.discard"), () => this.draft?.forget()],
    );
  }

  private notify(message: string, ...actions: [label: string, action: () => void][]): void {
    this.querySelector(".editor-notice")?.remove();
    const notice = make("div", { class: "editor-notice", role: "status" }, make("span", {}, message));
    for (const [label, action] of actions) {
      notice.append(
        makeButton(label, "quiet", () => {
          action();
          notice.remove();
          this.focusInside();
        }),
      );
    }
    (this.host ?? this.area)?.before(notice);
  }

  private addTools(): void {
    const bar = this.querySelector(".editor-bar");
    const starter = this.querySelector<HTMLTemplateElement>("template[data-starter]")?.content.textContent;
    if (starter != null) {
      bar?.append(
        makeButton(text("editor.reset"), "quiet", () => {
          const before = this.value;
          this.value = starter;
          this.notify(text("editor.wasReset"), [text("editor.undo"), () => (this.value = before)]);
        }),
      );
    }
    const toggle = makeButton("", "quiet", () => {
      const toPlain = this.editor !== null;
      if (toPlain) {
        store.set(PLAIN_KEY, "1");
        this.simplify();
      } else {
        store.remove(PLAIN_KEY);
        void this.enrich().then(() => this.focusInside());
      }
    });
    toggle.dataset["toggle"] = "";
    bar?.append(toggle);
    this.labelToggle();
    const label = this.area && this.querySelector<HTMLLabelElement>(`label[for="${this.area.id}"]`);
    label?.addEventListener("click", () => this.editor?.focus());
  }

  private labelToggle(): void {
    const toggle = this.querySelector("[data-toggle]");
    if (toggle) toggle.textContent = text(this.editor ? "editor.plain" : "editor.rich");
  }

  private focusInside(): void {
    if (this.editor) this.editor.focus();
    else this.area?.focus();
  }

  private enrichWhenNear(): void {
    this.observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.observer?.disconnect();
        void this.enrich();
      },
      { rootMargin: "400px" },
    );
    this.observer.observe(this);
  }

  private async enrich(): Promise<void> {
    const { createEditor } = await import("./editor");
    const area = this.area;
    if (!area || !this.isConnected || this.editor) return;
    const hadFocus = document.activeElement === area;
    const host = make("div", { class: "editor-host" });
    // CodeMirror adds its rules to a shadow root as a constructed style sheet, which style-src 'self' allows; to a document, as a style element, which it refuses.
    const root = host.attachShadow({ mode: "open" });
    area.after(host);
    area.hidden = true;
    this.host = host;
    this.editor = createEditor({
      root,
      code: area.value,
      language: this.getAttribute("language") ?? "",
      label: area.labels[0]?.textContent?.trim() ?? "",
      hint: text("editor.hint"),
      fill: this.closest(".desk") !== null,
      onChange: (code) => {
        area.value = code;
        this.changed();
      },
    });
    this.labelToggle();
    if (hadFocus) this.editor.focus();
  }

  private simplify(): void {
    this.editor?.destroy();
    this.editor = null;
    this.host?.remove();
    this.host = null;
    if (this.area) this.area.hidden = false;
    this.labelToggle();
    this.focusInside();
  }
}

customElements.define("code-editor", CodeEditor);
