// Tools above a text in Markdown: buttons and keys that mark what is selected, and pictures and files of the course.
import { announce, sendFile, sendHeaders } from "../shared";

interface Upload {
  name: string;
  kind: string;
  url: string;
}

const KEYS: Record<string, string> = { b: "bold", i: "italic", e: "code", k: "link" };
const SHIFTED: Record<string, string> = { Digit8: "list", Digit2: "heading" };
let made = 0;

/** Replace what is selected so that Undo brings it back, and select a part of it. */
function put(area: HTMLTextAreaElement, words: string, from: number, to: number): void {
  const start = area.selectionStart;
  area.focus();
  // The only way to write into a field that the browser's own Undo knows of.
  if (!document.execCommand("insertText", false, words)) {
    area.setRangeText(words);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + to);
}

function wrap(area: HTMLTextAreaElement, before: string, after: string): void {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  const marked = chosen.length >= before.length + after.length && chosen.startsWith(before) && chosen.endsWith(after);
  if (marked) {
    const plain = chosen.slice(before.length, chosen.length - after.length);
    put(area, plain, 0, plain.length);
  } else put(area, before + chosen + after, before.length, before.length + chosen.length);
}

function prefix(area: HTMLTextAreaElement, mark: string): void {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  area.setSelectionRange(start, area.selectionEnd);
  const lines = area.value.slice(start, area.selectionEnd).split("\n");
  const marked = lines.every((line) => line.startsWith(mark));
  const words = lines.map((line) => (marked ? line.slice(mark.length) : mark + line)).join("\n");
  put(area, words, words.length, words.length);
}

function act(area: HTMLTextAreaElement, name: string): void {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  if (name === "bold") wrap(area, "**", "**");
  else if (name === "italic") wrap(area, "*", "*");
  else if (name === "code" && chosen.includes("\n")) wrap(area, "```\n", "\n```");
  else if (name === "code") wrap(area, "`", "`");
  else if (name === "list") prefix(area, "- ");
  else if (name === "heading") prefix(area, "## ");
  else if (name === "link") put(area, `[${chosen}](https://)`, chosen ? chosen.length + 3 : 1, chosen ? chosen.length + 11 : 1);
}

export function markdownTools(area: HTMLTextAreaElement, template: HTMLTemplateElement): void {
  const parts = template.content.cloneNode(true) as DocumentFragment;
  const bar = parts.querySelector<HTMLElement>("[role=toolbar]");
  const panel = parts.querySelector<HTMLElement>(".markdown-file");
  if (!bar) return;
  bar.setAttribute("aria-controls", area.id);
  area.before(bar, ...(panel ? [panel] : []));
  const buttons = [...bar.querySelectorAll<HTMLButtonElement>("[data-act]")];
  buttons.forEach((button, place) => (button.tabIndex = place === 0 ? 0 : -1));
  const files = panel ? new Files(area, panel, bar.dataset["files"] ?? "", buttons.at(-1)) : null;

  bar.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-act]") : null;
    const name = button?.dataset["act"];
    if (name === "image") files?.toggle();
    else if (name) act(area, name);
  });
  bar.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = buttons.at(to % buttons.length);
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next?.focus();
  });
  area.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const name = event.shiftKey ? SHIFTED[event.code] : KEYS[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    event.stopPropagation();
    act(area, name);
  });
}

class Files {
  private readonly send: HTMLInputElement;
  private readonly chosen: HTMLSelectElement;
  private readonly alt: HTMLInputElement;
  private readonly insert: HTMLButtonElement;
  private readonly progress: HTMLElement;
  private ready: Upload | null = null;
  private asked = false;

  constructor(
    private readonly area: HTMLTextAreaElement,
    private readonly panel: HTMLElement,
    private readonly url: string,
    private readonly opener: HTMLButtonElement | undefined,
  ) {
    const find = <T extends HTMLElement>(name: string): T => panel.querySelector<T>(`[data-${name}]`)!;
    this.send = find("send");
    this.chosen = find("chosen");
    this.alt = find("alt");
    this.insert = find("insert");
    this.progress = find("progress");
    made += 1;
    for (const label of panel.querySelectorAll<HTMLLabelElement>("label[data-for]")) {
      const name = label.dataset["for"] ?? "";
      label.htmlFor = find(name).id = `markdown-${made}-${name}`;
    }
    // They belong to no field of the form: nothing of the panel is kept or sent with it.
    this.send.addEventListener("change", () => this.take(this.send.files));
    this.chosen.addEventListener("change", () => this.choose());
    this.insert.addEventListener("click", () => this.put());
    find("close").addEventListener("click", () => this.close());
    this.panel.addEventListener("input", (event) => event.stopPropagation());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return;
      event.preventDefault();
      if (!this.insert.disabled) this.put();
    });
    area.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length && !event.clipboardData.types.includes("text/plain")) this.take(event.clipboardData.files, event);
    });
    area.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    });
    area.addEventListener("drop", (event) => {
      if (event.dataTransfer?.files.length) this.take(event.dataTransfer.files, event);
    });
  }

  toggle(): void {
    if (this.panel.hidden) {
      this.open();
      this.send.focus();
    } else this.close();
  }

  private open(): void {
    this.panel.hidden = false;
    this.opener?.setAttribute("aria-expanded", "true");
    if (!this.asked) void this.list();
  }

  private close(): void {
    this.panel.hidden = true;
    this.opener?.setAttribute("aria-expanded", "false");
    this.area.focus();
  }

  private async list(): Promise<void> {
    this.asked = true;
    try {
      const answer = await fetch(this.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { items } = (await answer.json()) as { items: Upload[] };
      for (const one of items) if (one.kind === "PICTURE" || one.kind === "ATTACHMENT") this.offer(one);
    } catch {
      this.asked = false;
    }
  }

  private offer(one: Upload): HTMLOptionElement {
    const option = new Option(one.name, one.url);
    option.dataset["kind"] = one.kind;
    this.chosen.append(option);
    return option;
  }

  private choose(): void {
    const option = this.chosen.selectedOptions[0];
    this.ready = option?.value ? { name: option.text, url: option.value, kind: option.dataset["kind"] ?? "" } : null;
    this.insert.disabled = !this.ready;
  }

  private take(files: FileList | null, event?: Event): void {
    const file = files?.[0];
    if (!file) return;
    event?.preventDefault();
    this.open();
    this.insert.disabled = true;
    const said = (name: string): string => this.panel.dataset[`said${name}`] ?? "";
    const body = new FormData();
    body.append("kind", file.type.startsWith("image/") ? "PICTURE" : "ATTACHMENT");
    body.append("file", file, file.name || "picture.png");
    const { "Content-Type": _type, ...headers } = sendHeaders();
    const words = { sending: said("Sending"), reading: said("Reading"), stop: said("Stop") };
    this.progress.replaceChildren();
    const tell = (message: string): void => {
      this.progress.replaceChildren(message);
      this.send.value = "";
      announce(message);
    };
    sendFile<Upload>(this.url, body, headers, this.progress, words, {
      kept: (upload) => {
        this.offer(upload).selected = true;
        this.choose();
        tell(said("Ready"));
        this.alt.focus();
      },
      refused: (reason) => {
        tell(reason ?? said("Failed"));
        this.send.focus();
      },
      stopped: () => {
        tell(said("Stopped"));
        this.send.focus();
      },
    });
  }

  private put(): void {
    if (!this.ready) return;
    const picture = this.ready.kind === "PICTURE";
    const words = this.alt.value.trim().replaceAll(/[[\]]/g, "") || (picture ? "" : this.ready.name);
    const mark = `${picture ? "!" : ""}[${words}](${this.ready.url})`;
    this.alt.value = "";
    this.progress.replaceChildren();
    this.close();
    // Behind what is selected, never in its place.
    this.area.setSelectionRange(this.area.selectionEnd, this.area.selectionEnd);
    put(this.area, mark, mark.length, mark.length);
  }
}
