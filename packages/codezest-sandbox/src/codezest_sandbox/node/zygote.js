'use strict';
// Runs in the original Node and in all its copies; see forker.c. Arguments: path of the compiled forker, and what to do:
//   serve    answer requests on descriptor 3, as copies become residents and programs
//   check    see that a copy works here: prints `ok`

const fs = require('fs');
const Module = require('module');
const v8 = require('v8');
const vm = require('vm');
const { checkSyntax } = require('./syntax.js');

const forker = { exports: {} };
process.dlopen(forker, process.argv[2]);
const { serve, lower, allIsWell, nextOrder, begin, leave, randomSeed, processId, copy } = forker.exports;

const CONNECTION = 3;
const FIRST_EXTRA = 205;

/** What nearly every program does, so that no copy has to compile or build it. Math.random must not be called. */
function warmUp() {
  console.log('%s %d', 'warm', 1.5, [1, 'two', null], { a: { b: true } });
  fs.readFileSync(__filename, 'utf8').split(/\s+/).map(Number).filter(Boolean).reduce((sum, value) => sum + value, 0);
  const name = `${__dirname}/rehearsal.js`;
  Module._load(name, null, false);
  new Function('return `${1}`')();
}

/** What is dead now would be copied for every program. */
function collectGarbage() {
  v8.setFlagsFromString('--expose-gc');
  vm.runInNewContext('gc')();
  v8.setFlagsFromString('--no-expose-gc');
}

/** There is no /proc, through which the name would lead. */
function nameStandardInput() {
  const { readFileSync } = fs;
  const named = { readFileSync: (path, ...options) => readFileSync(path === '/dev/stdin' ? 0 : path, ...options) };
  fs.readFileSync = named.readFileSync;
  Module.syncBuiltinESMExports();
}

function forgetOwnModules() {
  for (const name of Object.keys(require.cache)) delete require.cache[name];
  delete process.mainModule;
}

/** Let the process look as one that has just been started as `node ENTRY ARGS...`. */
function lookFresh(order) {
  process.chdir(order.directory);
  const args = order.has_args ? JSON.parse(fs.readFileSync(FIRST_EXTRA, 'utf8')) : [];
  if (order.has_args) fs.closeSync(FIRST_EXTRA);
  process.argv.splice(1, Infinity, order.entry, ...args);
  Object.defineProperty(process, 'pid', { value: processId(), enumerable: true, configurable: true, writable: false });
  const started = process.hrtime.bigint();
  process.uptime = function uptime() {
    return Number(process.hrtime.bigint() - started) / 1e9;
  };
  // Most programs end like this, and need not have their heap taken apart. All others end as Node ends them.
  process.on('exit', (status) => {
    if (status === 0 && !process.exitCode && process.rawListeners('exit').length === 1) leave(0);
  });
  if (order.source_maps) process.setSourceMapsEnabled(true);
  v8.setFlagsFromString(`--random-seed=${randomSeed()}`);
}

function serveAndBecome() {
  let order = JSON.parse(serve(CONNECTION));
  if (order.wait) {
    lower();
    const { directory, check: names } = JSON.parse(nextOrder());
    checkSyntax(directory, names);
    allIsWell();
    order = JSON.parse(nextOrder());
  }
  lookFresh(order);
  delete vm.SourceTextModule;
  begin();
  Module.runMain(order.entry);
}

/** In a copy: what fails or hangs where copies do not work. Ends with status 7 when all is well. */
async function tryEverything() {
  process.on('exit', () => {
    process.exitCode = 7;
  });
  let kept = [];
  for (let round = 0; round < 30; round++) {
    kept = Array.from({ length: 20000 }, (_, index) => ({ index, text: `${index}` }));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await fs.promises.readFile(__filename);
  if (kept.length !== 20000 || (await Promise.resolve(1)) !== 1) process.abort();
}

function check() {
  const status = copy();
  if (status === -1) {
    tryEverything();
  } else {
    fs.writeSync(1, status === 7 << 8 ? 'ok\n' : `a copy ended with wait status ${status}\n`);
    leave(status === 7 << 8 ? 0 : 1);
  }
}

process.execArgv.length = 0;
delete process.env.NODE_NO_WARNINGS;
const task = process.argv[3] === 'check' ? check : serveAndBecome;
nameStandardInput();
warmUp();
forgetOwnModules();
collectGarbage();
setImmediate(task);
