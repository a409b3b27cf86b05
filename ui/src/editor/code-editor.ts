import { make, makeButton } from "../dom";
import { text } from "../messages";
import { whenReachable } from "../reaching";
import type { Editor } from "./editor";
import { changeSettings, editorSettings, type EditorSettings, onSettings } from "./settings";

/**
 * A textarea that becomes an editor. The textarea stays the truth: it carries the value into the form, works alone
 * without scripts, and comes back whenever the reader prefers it.
 */
export class CodeEditor extends HTMLElement {
  private editor: Editor | null = null;
  private host: HTMLElement | null = null;
  private area: HTMLTextAreaElement | null = null;
  private observer: IntersectionObserver | null = null;
  private forget: (() => void) | null = null;

  connectedCallback(): void {
    if (!this.area) this.setUp();
    this.show(editorSettings());
    this.forget = onSettings((settings) => this.settle(settings));
    if (!editorSettings().plain) this.enrichWhenNear();
  }

  disconnectedCallback(): void {
    this.observer?.disconnect();
    this.forget?.();
    // It may come back, as a file does that was removed by mistake.
    this.simplify();
  }

  private setUp(): void {
    this.area = this.querySelector("textarea");
    if (!this.area) return;
    this.area.addEventListener("input", () => this.changed());
    // The fields are reset after the form has said so.
    this.area.form?.addEventListener("reset", () => window.setTimeout(() => this.editor?.setValue(this.value)));
    this.connectTools();
  }

  /** What is written on the file's field. */
  get label(): string {
    return this.area?.labels[0]?.textContent?.trim() ?? "";
  }

  /** The field that the form sends. */
  get field(): string {
    return this.area?.name ?? "";
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
    this.dispatchEvent(new CustomEvent("program-changed", { bubbles: true }));
  }

  /** A line above the editor, with what may be done about it; one at a time. */
  notify(message: string, ...actions: [label: string, action: () => void][]): void {
    this.querySelector(":scope > .editor-notice")?.remove();
    const notice = make("div", { class: "editor-notice", role: "status" }, make("p", {}, message));
    for (const [label, action] of actions) {
      notice.append(
        makeButton(label, "secondary", () => {
          action();
          notice.remove();
          this.focusInside();
        }),
      );
    }
    (this.host ?? this.area)?.before(notice);
  }

  private connectTools(): void {
    const starter = this.querySelector<HTMLTemplateElement>("template[data-starter]")?.content.textContent;
    this.querySelector("[data-editor-reset]")?.addEventListener("click", () => {
      const before = this.value;
      if (starter == null || starter === before) return;
      this.value = starter;
      this.notify(text("editor.wasReset"), [text("editor.undo"), () => (this.value = before)]);
    });
    this.querySelector("[data-editor-plain]")?.addEventListener("click", () => {
      changeSettings({ plain: !editorSettings().plain });
      this.focusInside();
    });
    this.querySelector<HTMLElement>("[data-editor-settings]")?.addEventListener("click", (event) => {
      const opener = event.currentTarget as HTMLElement;
      void whenReachable(() => import("./settings-dialog")).then(({ openSettings }) => openSettings(opener, { now: editorSettings(), change: changeSettings }));
    });
    const label = this.area && this.querySelector<HTMLLabelElement>(`label[for="${this.area.id}"]`);
    label?.addEventListener("click", () => this.editor?.focus());
  }

  /** Looks that a textarea has as well. */
  private show(settings: EditorSettings): void {
    this.dataset["theme"] = settings.theme;
    this.style.setProperty("--editor-size", `${settings.size / 16}rem`);
    this.style.setProperty("--editor-tab", String(settings.tab_width));
    if (this.area) this.area.wrap = settings.wrap ? "soft" : "off";
    const toggle = this.querySelector("[data-editor-plain] > span");
    if (toggle) toggle.textContent = text(settings.plain ? "editor.rich" : "editor.plain");
  }

  private settle(settings: EditorSettings): void {
    this.show(settings);
    this.editor?.apply(settings);
    if (settings.plain && this.editor) this.simplify();
    else if (!settings.plain && !this.editor) void this.enrich();
  }

  focusInside(): void {
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
    const { createEditor } = await whenReachable(() => import("./editor"));
    const area = this.area;
    const settings = editorSettings();
    if (!area || !this.isConnected || this.editor || settings.plain) return;
    const hadFocus = document.activeElement === area;
    const host = make("div", { class: "editor-host" });
    // CodeMirror adds its rules to a shadow root as a constructed style sheet, which style-src 'self' allows; to a document, as a style element, which it refuses.
    const root = host.attachShadow({ mode: "open" });
    // What the keys of another editor have used means nothing else on the page any more, such as Ctrl-K.
    host.addEventListener("keydown", (event) => {
      const { keys } = editorSettings();
      if (event.key === "Enter" || keys === "default") return;
      if (event.defaultPrevented || (keys === "emacs" && (event.ctrlKey || event.altKey))) event.stopPropagation();
    });
    area.after(host);
    area.hidden = true;
    this.host = host;
    this.editor = createEditor({
      root,
      code: area.value,
      // Whoever has begun to type goes on where the caret was.
      selection: area.selectionDirection === "backward" ? { anchor: area.selectionEnd, head: area.selectionStart } : { anchor: area.selectionStart, head: area.selectionEnd },
      language: this.getAttribute("language") ?? "",
      label: this.label,
      hint: text("editor.hint"),
      fill: this.closest(".desk") !== null,
      settings,
      onChange: (code) => {
        area.value = code;
        this.changed();
      },
    });
    if (hadFocus) this.editor.focus();
  }

  private simplify(): void {
    const selection = this.editor?.selection;
    this.editor?.destroy();
    this.editor = null;
    this.host?.remove();
    this.host = null;
    if (!this.area) return;
    this.area.hidden = false;
    if (selection) this.area.setSelectionRange(Math.min(selection.anchor, selection.head), Math.max(selection.anchor, selection.head));
  }
}

customElements.define("code-editor", CodeEditor);
