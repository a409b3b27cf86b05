// The program as the fields of a form hold it.
import type { CodeEditor } from "./code-editor";
import type { Program } from "./draft-store";

const FILE = "file:";

export function readProgram(form: HTMLFormElement, read = (area: HTMLTextAreaElement): string => area.value): Program {
  const program: Program = { code: "", files: {} };
  for (const area of form.querySelectorAll<HTMLTextAreaElement>("code-editor textarea[name]")) {
    if (area.name === "code") program.code = read(area);
    else if (area.name.startsWith(FILE)) program.files[area.name.slice(FILE.length)] = read(area);
  }
  return program;
}

/** False, and nothing is done, when its files are other ones than those on the page. */
export function putProgram(form: HTMLFormElement, program: Program): boolean {
  const editors = new Map([...form.querySelectorAll<CodeEditor>("code-editor")].map((editor) => [editor.field, editor]));
  const paths = Object.keys(program.files);
  if (paths.length + 1 !== editors.size || !paths.every((path) => editors.has(FILE + path))) return false;
  for (const [field, editor] of editors) {
    editor.value = field === "code" ? program.code : (program.files[field.slice(FILE.length)] ?? "");
  }
  return true;
}
