// The words scripts say are translated in a template; both sides must name the same keys.
import { readFile } from "node:fs/promises";

const here = new URL(".", import.meta.url);
const read = (path) => readFile(new URL(path, here), "utf8");
const keys = (source, pattern) => new Set([...source.matchAll(pattern)].map((match) => match[1]));

const spoken = keys(await read("src/messages.ts"), /^ {2}\| "([\w.]+)"/gm);
const written = keys(await read("../src/codezest/web/templates/messages.html"), /^ {2}"([\w.]+)":/gm);
const missing = [...spoken].filter((key) => !written.has(key));
const unused = [...written].filter((key) => !spoken.has(key));

if (spoken.size === 0 || missing.length + unused.length > 0) {
  console.error(`messages.html lacks: ${missing.join(", ") || "nothing"}; messages.ts lacks: ${unused.join(", ") || "nothing"}`);
  process.exit(1);
}
