// Highlighting of each runtime, in a bundle of its own: a page loads the one that it shows.
import type { Extension } from "@codemirror/state";

type Load = () => Promise<{ support: () => Extension }>;

const languages: Record<string, Load> = {
  bash: () => import("./lang-bash"),
  c: () => import("./lang-cpp"),
  cpp: () => import("./lang-cpp"),
  go: () => import("./lang-go"),
  java: () => import("./lang-java"),
  javascript: () => import("./lang-javascript"),
  python: () => import("./lang-python"),
  rust: () => import("./lang-rust"),
  sql: () => import("./lang-sql"),
  typescript: () => import("./lang-typescript"),
};

/** Nothing for a language that is not known: its programs are shown without colours. */
export async function languageSupport(runtime: string): Promise<Extension> {
  return (await languages[runtime]?.())?.support() ?? [];
}
