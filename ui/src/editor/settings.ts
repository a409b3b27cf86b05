// How the reader wants the editor: kept in this browser at once, and in the account, so that it holds on every device.
import { store } from "../dom";
import { sendHeaders } from "./requests";

export interface EditorSettings {
  /** `auto` follows the page. */
  theme: "auto" | "light" | "dark" | "contrast";
  /** Of the letters, in pixels. */
  size: number;
  /** In spaces. */
  tab_width: number;
  keys: "default" | "vim" | "emacs";
  /** A plain text field in place of the editor. */
  plain: boolean;
  /** Long lines go on below. */
  wrap: boolean;
}

interface Preferences {
  editor: EditorSettings;
}

const KEY = "codezest:editor";
const PROFILE = "/api/v1/me/profile";
const usual: EditorSettings = { theme: "auto", size: 14, tab_width: 4, keys: "default", plain: false, wrap: false };

const listeners = new Set<(settings: EditorSettings) => void>();
let known: EditorSettings | null = null;

function read<T>(json: string | null | undefined): Partial<T> {
  try {
    return json ? (JSON.parse(json) as Partial<T>) : {};
  } catch {
    return {};
  }
}

/** What the account says goes before what this browser remembers. */
export function editorSettings(): EditorSettings {
  if (known) return known;
  const here = read<EditorSettings>(store.get(KEY));
  const account = read<Preferences>(document.querySelector<HTMLElement>("[data-preferences]")?.dataset["preferences"]);
  known = { ...usual, ...here, ...account.editor };
  return known;
}

export function onSettings(listener: (settings: EditorSettings) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function changeSettings(change: Partial<EditorSettings>): void {
  known = { ...editorSettings(), ...change };
  store.set(KEY, JSON.stringify(known));
  for (const listener of listeners) listener(known);
  // The page shows the choice already; where this is lost, this browser still remembers it.
  if (document.documentElement.dataset["account"]) keepInAccount().catch(() => undefined);
}

let keeping: Promise<void> = Promise.resolve();

function keepInAccount(): Promise<void> {
  keeping = keeping.catch(() => undefined).then(async () => {
    const profile = await fetch(PROFILE, { headers: { Accept: "application/json" } });
    if (!profile.ok || !known) return;
    const { preferences } = (await profile.json()) as { preferences: Preferences };
    const { theme, size, tab_width, keys, plain, wrap } = known;
    const editor = { theme, size, tab_width, keys, plain, wrap };
    await fetch(PROFILE, {
      method: "PATCH",
      headers: sendHeaders(),
      body: JSON.stringify({ preferences: { ...preferences, editor } }),
    });
  });
  return keeping;
}
