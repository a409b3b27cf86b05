"use strict";
// Entry of the tests' sandbox: runs the author's tests against stand-ins, and reports on standard output, which nothing else
// here writes to. Argument and reports are those of the runner for Python.

const fs = require("node:fs");
const { registerHooks } = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const nodeTest = require("node:test");
const { Remote, places } = require("./remote.js");

const LONGEST = 4000;
const request = JSON.parse(process.argv[2]);
const seconds = new Map(request.tests);
const remote = new Remote();
const modules = new Map();
let current = null;
let began = 0;

function report(told) {
  const line = Buffer.from(JSON.stringify(told) + "\n");
  for (let done = 0; done < line.length; ) done += fs.writeSync(1, line, done);
}

function asked(names) {
  // What the specification calls a test: its own name, or its suites' and its own.
  for (let first = 0; first < names.length; first += 1) {
    const joined = [names.slice(first).join(" > "), names.slice(first).join(" ")];
    const found = joined.find((name) => seconds.has(name));
    if (found !== undefined) return found;
  }
  return null;
}

remote.onBroken = (how) => {
  report({ broken: how, test: current, seconds: (performance.now() - began) / 1000, printed: "" });
  process.exit(0);
};

function placed(error) {
  const place = places.get(error);
  return Array.isArray(place) ? ` (${String(place[0])}, line ${Number(place[1])})` : "";
}

function describe(error) {
  return (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, LONGEST) + placed(error);
}

const stack = [];

function watched(body) {
  // The body of a test, which tells which test runs before it begins.
  if (typeof body !== "function") return body;
  const begin = (context) => {
    const names = context.fullName.split(" > ");
    const name = asked(names);
    if (name === null && ![...seconds.keys()].some((each) => each.startsWith(`${context.fullName} > `))) {
      context.skip();
      return false;
    }
    if (name !== null && name !== current) {
      current = name;
      began = performance.now();
      remote.printed = [];
      remote.exported.clear();
      remote.deadline = began + seconds.get(name) * 1000;
    }
    return true;
  };
  if (body.length > 1) {
    return function (context, done) {
      if (begin(context)) body.call(this, context, done);
      else done();
    };
  }
  return function (context) {
    return begin(context) ? body.call(this, context) : undefined;
  };
}

function wrap(real) {
  const made = (...given) => real(...given.map(watched));
  for (const kind of ["skip", "todo", "only"]) if (real[kind]) made[kind] = (...given) => real[kind](...given.map(watched));
  return made;
}

globalThis[Symbol.for("codezest.tests")] = {
  nodeTest: Object.assign(wrap(nodeTest), nodeTest, { default: wrap(nodeTest), it: wrap(nodeTest.it), test: wrap(nodeTest.test) }),
  module: (name) => {
    const found = modules.get(name);
    if ("error" in found) throw found.error;
    return found.exports;
  },
};

function load(name) {
  try {
    const [spelled, names, esm] = remote.ask("import", name);
    modules.set(name, { exports: remote.decode(spelled), names: names.map(String), esm: esm === true });
  } catch (error) {
    modules.set(name, { error, names: [], esm: false });
  }
}

function standInFor(name) {
  const { names, esm } = modules.get(name);
  const whole = `globalThis[Symbol.for("codezest.tests")].module(${JSON.stringify(name)})`;
  const plain = [...new Set(names)].filter((each) => /^[A-Za-z_$][\w$]*$/.test(each) && each !== "default");
  if (!esm && !name.endsWith(".mjs")) {
    const hints = plain.map((each) => `exports.${each} = undefined;`).join(" ");
    return `module.exports = ${whole};\nif (false) { ${hints} }\n`; // from which importers learn the names
  }
  const lines = [`const whole = ${whole};`, ...plain.map((each, place) => `const v${place} = whole[${JSON.stringify(each)}];`)];
  if (plain.length > 0) lines.push(`export { ${plain.map((each, place) => `v${place} as ${each}`).join(", ")} };`);
  if (names.includes("default")) lines.push("export default whole.default;");
  return lines.join("\n") + "\n";
}

const shim = path.resolve("codezest_node_test.cjs");
const EXPORTED = ["after", "afterEach", "before", "beforeEach", "describe", "it", "mock", "suite", "test", "skip", "only", "todo"];
fs.writeFileSync(
  shim,
  `module.exports = globalThis[Symbol.for("codezest.tests")].nodeTest;\nif (false) { ${EXPORTED.map((each) => `exports.${each} = undefined;`).join(" ")} }\n`,
);
registerHooks({
  resolve: (specifier, context, next) =>
    ["node:test"].includes(specifier) && !String(context.parentURL).includes("/codezest_")
      ? { url: pathToFileURL(shim).href, shortCircuit: true, format: "commonjs" }
      : next(specifier, context),
});

function main() {
  remote.deadline = performance.now() + Math.max(...seconds.values()) * 1000;
  for (const name of request.modules) load(name);
  for (const name of request.modules) {
    fs.mkdirSync(path.dirname(path.resolve(name)), { recursive: true });
    fs.writeFileSync(name, standInFor(name));
  }
  process.stdout.write = (chunk, encoding, done) => {
    remote.printed.push(String(chunk));
    const after = typeof encoding === "function" ? encoding : done;
    if (typeof after === "function") process.nextTick(after);
    return true;
  };
  const reported = new Map(); // name → outcome; several tests may share a name, and the last report of it holds
  const files = request.files.filter((name) => /(^|[./_-])test([./_-]|$)|^test/.test(path.basename(name))).map((name) => path.resolve(name));
  const running = nodeTest.run({ files, isolation: "none", concurrency: false });
  running.on("test:start", ({ name, nesting }) => stack.splice(nesting, Infinity, name));
  const ended = (outcome) => (data) => {
    if (data.details?.type === "suite") return;
    const name = asked([...stack.slice(0, data.nesting), data.name]);
    if (name === null || (reported.has(name) && (outcome === "passed" || reported.get(name) === "failed"))) return;
    const told = { test: name, seconds: (data.details?.duration_ms ?? 0) / 1000, printed: remote.printed.join("").slice(0, LONGEST) };
    reported.set(name, outcome);
    if (outcome === "passed" && (data.skip !== undefined || data.todo !== undefined)) {
      report({ ...told, outcome: "skipped", kind: "wrong", message: "" });
    } else if (outcome === "passed") report({ ...told, outcome });
    else {
      const error = data.details.error.cause ?? data.details.error;
      report({ ...told, outcome, kind: places.has(error) ? "raised" : "wrong", message: describe(error) });
    }
  };
  running.on("test:pass", ended("passed"));
  running.on("test:fail", ended("failed"));
  running.on("end", () => {
    const broken = [...modules.values()].find((each) => "error" in each);
    for (const name of seconds.keys()) {
      if (reported.has(name)) continue;
      const fault = broken === undefined ? { outcome: "missing", kind: "author", message: "" } : { outcome: "failed", kind: "raised", message: describe(broken.error) };
      report({ test: name, seconds: 0, printed: "", ...fault });
    }
    process.exit(0);
  });
  running.resume();
}

main();
