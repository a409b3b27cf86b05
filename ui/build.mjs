// Bundles styles and islands into src/codezest/web/static/build with content-hashed names,
// and writes manifest.json: logical name → hashed file name.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const outdir = join(here, "../src/codezest/web/static/build");
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;
const watching = process.argv.includes("--watch");

/** Files in ui/assets are served as they are, under a hashed name. */
async function copyAssets() {
  const entries = {};
  for (const name of await readdir(join(here, "assets"))) {
    const body = await readFile(join(here, "assets", name));
    const hash = createHash("sha256").update(body).digest("hex").slice(0, 8).toUpperCase();
    const target = `${basename(name, extname(name))}-${hash}${extname(name)}`;
    await writeFile(join(outdir, target), body);
    entries[name] = target;
  }
  return entries;
}

/** A server that is running, or a page that is open, still asks for the files of the build before: they stay for a day. */
async function removeOld(current) {
  for (const name of await readdir(outdir)) {
    if (name === "manifest.json" || current.has(name.replace(/\.gz$/, ""))) continue;
    const path = join(outdir, name);
    if (Date.now() - (await stat(path)).mtimeMs > KEPT_MILLISECONDS) await rm(path, { recursive: true });
  }
}

/** Entry points and lazily imported modules, by the name their source file has. */
function bundledNames(metafile) {
  const entries = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint || path.endsWith(".map")) continue;
    const logical = basename(output.entryPoint, extname(output.entryPoint)) + extname(path);
    entries[logical] = relative(outdir, join(here, path));
  }
  return entries;
}

/** What the page's script cannot start without, where a bundle shares code with one that is loaded later. */
function sharedNames(metafile) {
  const page = Object.values(metafile.outputs).find((output) => output.entryPoint === "src/app.ts");
  const needed = page.imports.filter((found) => found.kind === "import-statement");
  return Object.fromEntries(needed.map((found, place) => [`preload-${place}.js`, relative(outdir, join(here, found.path))]));
}

/** What bundles share, by the name it has: no page asks for it by another. */
function chunkNames(outputs, manifest) {
  const named = new Set(Object.values(manifest));
  const files = Object.keys(outputs).map((path) => relative(outdir, join(here, path)));
  return Object.fromEntries(files.filter((file) => /\.(js|css)$/.test(file) && !named.has(file)).map((file) => [file, file]));
}

const manifestPlugin = {
  name: "manifest",
  setup(build) {
    build.onStart(async () => {
      await mkdir(outdir, { recursive: true });
    });
    build.onEnd(async (result) => {
      if (!result.metafile) return;
      const worker = await esbuild.build(workerOptions);
      const outputs = { ...result.metafile.outputs, ...worker.metafile.outputs };
      const manifest = { ...bundledNames({ outputs }), ...sharedNames(result.metafile), ...(await copyAssets()) };
      const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
      await writeFile(join(outdir, "manifest.partial"), `${JSON.stringify(sorted, null, 2)}\n`);
      await rename(join(outdir, "manifest.partial"), join(outdir, "manifest.json"));
      await removeOld(new Set([...Object.keys(outputs), ...Object.values(sorted)].map((file) => basename(file))));
      for (const [logical, file] of Object.entries({ ...sorted, ...chunkNames(outputs, sorted) })) {
        const body = await readFile(join(outdir, file));
        const packed = gzipSync(body, { level: 9 });
        // Served as it is to browsers that take it; pictures are packed already.
        if (extname(file) !== ".png") await writeFile(join(outdir, `${file}.gz`), packed);
        const gz = (packed.length / 1024).toFixed(1);
        console.log(`${logical.padEnd(16)} ${(body.length / 1024).toFixed(1).padStart(7)} kB ${gz.padStart(7)} kB gz`);
      }
    });
  },
};

/** That package calls functions for their effect, and says that the calls have none: they would be left out. */
const effectsPlugin = {
  name: "effects",
  setup(build) {
    build.onLoad({ filter: /codemirror-emacs[\\/]dist[\\/]index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replace(/\/\*@__PURE__\*\/(?=EmacsHandler\.)/g, ""), loader: "js" };
    });
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: ["src/app.ts", "src/styles/app.css", "src/styles/staff.css"],
  outdir,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  legalComments: "linked",
  metafile: true,
  // light-dark(), nesting and oklch() reach the browser as written: all are Baseline since 2024.
  target: ["es2022", "chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
  plugins: [manifestPlugin, effectsPlugin],
};

/** The service worker is one file by itself: it runs beside the pages, not in them. */
const workerOptions = {
  ...options,
  entryPoints: ["src/service-worker.ts"],
  splitting: false,
  format: "iife",
  plugins: [],
};

if (watching) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
