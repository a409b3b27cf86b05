/** Keys of templates/messages.html, which holds the words in the reader's language. */
export type Message =
  | "close"
  | "copy.done"
  | "copy.failed"
  | "copy.label"
  | "editor.conflict"
  | "editor.discard"
  | "editor.hint"
  | "editor.plain"
  | "editor.reset"
  | "editor.restore"
  | "editor.restored"
  | "editor.rich"
  | "editor.saved"
  | "editor.undo"
  | "editor.unsaved"
  | "editor.wasReset"
  | "net.busy"
  | "net.failed"
  | "net.offline"
  | "quiz.answered"
  | "quiz.flagged"
  | "quiz.left"
  | "quiz.next"
  | "quiz.oneUnanswered"
  | "quiz.open"
  | "quiz.over"
  | "quiz.previous"
  | "quiz.question"
  | "quiz.soon"
  | "quiz.unanswered"
  | "run.lost"
  | "run.place"
  | "run.progress"
  | "run.running"
  | "run.sending"
  | "run.wait"
  | "run.waiting";

const words = JSON.parse(document.getElementById("messages")?.textContent ?? "{}") as Record<string, string>;

/** The message in the reader's language, with `{name}` replaced by its value. */
export function text(key: Message, values: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
