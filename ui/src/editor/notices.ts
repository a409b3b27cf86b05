import { make, makeButton, text } from "../shared";

/** A calm bar above the editor that says what happened and what may be done; one at a time. */
export function showNotice(
  form: HTMLElement,
  message: string,
  ...actions: [label: string, action: () => void][]
): HTMLElement {
  for (const old of form.querySelectorAll(":scope > .editor-notice")) old.remove();
  const notice = make("div", { class: "editor-notice", role: "status", "data-tone": "info" }, make("p", {}, message));
  for (const [label, action] of actions) {
    notice.append(
      makeButton(label, "secondary", () => {
        notice.remove();
        action();
        form.querySelector<HTMLElement & { focusInside(): void }>("code-editor")?.focusInside();
      }),
    );
  }
  (form.querySelector(":scope > :is(code-editor, .program-files)") ?? form.firstElementChild)?.before(notice);
  return notice;
}

/** Another tab or device has saved another program; the reader decides which one goes on. */
export function showConflict(form: HTMLElement, savedAt: number, on: { keep(): void; take(): void }): void {
  const time = new Date(savedAt).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
  const notice = showNotice(
    form,
    text("draft.changed", { time }),
    [text("draft.keep"), on.keep],
    [text("draft.take"), on.take],
  );
  notice.dataset["conflict"] = "";
  notice.dataset["tone"] = "warn";
  const comparing = form.dataset["compareUrl"];
  if (!comparing) return; // a cell has no page that compares two programs
  const compare = make("button", { class: "button", "data-kind": "quiet", "data-size": "small" }, text("draft.compare"));
  compare.formAction = comparing;
  compare.formTarget = "_blank";
  notice.append(compare);
}

/** This browser has a program that belongs to no page any more and does not continue what the server has. */
export function offerOther(form: HTMLElement, at: number, on: { take(): void; discard(): void }): void {
  const time = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  showNotice(form, text("draft.other", { time }), [text("editor.restore"), on.take], [text("editor.discard"), on.discard]);
}
