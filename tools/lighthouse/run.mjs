// Lighthouse's scores of a running product's pages, on the phone that it imitates by default.
//
// `CODEZEST_SESSION=TOKEN node run.mjs URL NAME=PATH NAME=@PATH...` prints a table and what lost points; exit status 1 below
// a bar. With @ the page is somebody's who is signed in, by the session's token.
// A page is measured three times and its median run counts: the machine may do other work meanwhile.

import { existsSync } from "node:fs";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { computeMedianRun } from "lighthouse/core/lib/median-run.js";

const BARS = { performance: 99, accessibility: 100, "best-practices": 100, seo: 100 };
const RUNS = Number(process.env.LIGHTHOUSE_RUNS ?? 3);
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chromium-headless-shell"].map((name) => `/usr/bin/${name}`);
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const [base, ...named] = process.argv.slice(2);
const session = process.env.CODEZEST_SESSION;
if (!base || named.length === 0) {
  console.error("CODEZEST_SESSION=TOKEN node run.mjs URL NAME=PATH NAME=@PATH...");
  process.exit(2);
}

const score = (result, category) => Math.round((result.categories[category].score ?? 0) * 100);

/** What keeps a category from its full score: the audits that weigh something in it, the costliest first. */
function losses(result, category) {
  return result.categories[category].auditRefs
    .map(({ id, weight }) => ({ audit: result.audits[id], weight }))
    .filter(({ audit, weight }) => weight > 0 && audit.score !== null && audit.score < 1)
    .map(({ audit, weight }) => ({ audit, lost: weight * (1 - audit.score) }))
    .sort((one, other) => other.lost - one.lost)
    .map(({ audit }) => `${audit.id}${audit.displayValue ? ` (${audit.displayValue})` : ""}${places(audit)}`);
}

/** The first places that an audit names. */
function places(audit) {
  const found = (audit.details?.items ?? [])
    .map((item) => item.node?.selector ?? item.url ?? item.description ?? item.source)
    .filter((place) => typeof place === "string")
    .slice(0, 3);
  return found.length > 0 ? `: ${found.join(", ")}` : "";
}

/** One run. A trace that the browser lost is asked for once more; a page that fails is an error. */
async function once(url, options) {
  for (let left = 1; ; left -= 1) {
    const { lhr } = await lighthouse(url, options);
    if (!lhr.runtimeError) return lhr;
    if (left === 0) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  }
}

async function measured(path, port) {
  const signedIn = path.startsWith("@");
  const options = {
    port,
    logLevel: "error",
    onlyCategories: Object.keys(BARS),
    ...(signedIn ? { extraHeaders: { Cookie: `codezest_session=${session}` } } : {}),
  };
  const url = new URL(signedIn ? path.slice(1) : path, base).href;
  const results = [];
  for (let run = 0; run < RUNS; run += 1) results.push(await once(url, options));
  return RUNS > 1 ? computeMedianRun(results) : results[0];
}

const chromePath = process.env.CHROME_PATH ?? process.env.CODEZEST_CHROMIUM ?? BROWSERS.find(existsSync);
const chrome = await launch({ chromePath, chromeFlags: FLAGS });
const missed = [];
try {
  console.log(["page".padEnd(12), ...Object.keys(BARS).map((name) => name.padStart(15))].join(""));
  for (const [name, path] of named.map((pair) => pair.split(/=(.*)/s))) {
    const result = await measured(path, chrome.port);
    const shown = Object.keys(BARS).map((category) => String(score(result, category)).padStart(15));
    console.log([name.padEnd(12), ...shown].join(""));
    for (const [category, bar] of Object.entries(BARS)) {
      if (score(result, category) < bar) {
        missed.push(`${name}, ${category}, below ${bar}: ${losses(result, category).join("; ")}`);
      }
    }
  }
} finally {
  await chrome.kill();
}
for (const miss of missed) console.log(`MISS  ${miss}`);
process.exit(missed.length > 0 ? 1 : 0);
