"""JavaScript programs: what Node does, done by a copy of a warm Node, and by a Node of each program's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from codezest.grading import Grader, GradingLimits, GradingSpec, TestSpec
from codezest.grading.languages import Missing, Toolchain, find_language, javascript
from codezest.grading.languages.node_copies import is_copied
from codezest_db.enums import Verdict
from fixtures.programs import MEBIBYTE, ROOMY, TIGHT, Run, require, runner

pytestmark = pytest.mark.sandbox

LARGE = GradingLimits(cpu_seconds=5.0, wall_seconds=20.0, memory_bytes=128 * MEBIBYTE, output_bytes=4 * MEBIBYTE)


def _as_it_is(toolchain: Toolchain, node: Path) -> Toolchain:
    del node
    return toolchain


@pytest.fixture
def run(grader: Grader) -> Run:
    return runner(grader, "javascript")


@pytest_asyncio.fixture(scope="module")
async def plain_grader() -> AsyncIterator[Grader]:
    """Whose Node does not copy itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(javascript, "with_copies", _as_it_is)
        made = Grader(concurrency=2)
        made.start()
    yield made
    made.close()


@pytest.fixture
def run_plainly(plain_grader: Grader) -> Run:
    return runner(plain_grader, "javascript")


ORDINARY = {
    "timers": "setTimeout(() => console.log('ok'), 5);\n",
    "timers in order": (
        "const seen = [];\nsetTimeout(() => seen.push('t'), 0);\nsetImmediate(() => seen.push('i'));\n"
        "process.nextTick(() => seen.push('n'));\nPromise.resolve().then(() => seen.push('p'));\nseen.push('s');\n"
        "setTimeout(() => console.log(seen.join('').startsWith('snp') && seen.length === 5 ? 'ok' : seen), 10);\n"
    ),
    "an interval": "let n = 0;\nconst id = setInterval(() => { if (++n === 3) { clearInterval(id); console.log('ok') } }, 1);\n",
    "promises": "Promise.all([1, 2].map((x) => Promise.resolve(x))).then((all) => console.log(all.length === 2 ? 'ok' : 'no'));\n",
    "async and await": "async function main() { await new Promise((r) => setTimeout(r, 2)); console.log('ok') }\nmain();\n",
    "timers/promises": "const { setTimeout } = require('timers/promises');\nsetTimeout(3, 'ok').then(console.log);\n",
    "a module by its imports": "import { basename } from 'node:path';\nconsole.log(basename('/a/ok'));\n",
    "a module by its await": "import 'fs';\nconsole.log(await new Promise((r) => setTimeout(() => r('ok'), 2)));\n",
    "a module by its export": "export const word = 'ok';\nconsole.log(word);\n",
    "import on demand": "import('node:os').then((os) => console.log(os.EOL === '\\n' ? 'ok' : 'no'));\n",
    "import.meta": "import fs from 'fs';\nconsole.log(import.meta.url.endsWith('/main.js') && fs ? 'ok' : import.meta.url);\n",
    "a hashbang": "#!/usr/bin/env node\nconsole.log('ok');\n",
    "lines end by CRLF": "const x = `o\r\nk`;\r\nconsole.log(x.replace('\\n', ''));\r\n",
    "a byte order mark": "\ufeffconsole.log('ok');\n",
    "return at the top": "console.log('ok');\nreturn;\nconsole.log('no');\n",
    "sloppy mode": "x = 010;\nconsole.log(x === 8 && this === module.exports ? 'ok' : 'no');\n",
    "exit listeners": "process.on('exit', (status) => console.log(status === 0 ? 'ok' : 'no'));\n",
    "what is asked for before the end": "process.once('beforeExit', () => setTimeout(() => console.log('ok'), 1));\n",
    "big numbers": "console.log(2n ** 100n === 1267650600228229401496703205376n ? 'ok' : 'no');\n",
    "languages of the world": (
        "const text = new Intl.NumberFormat('de').format(1234.5) + 'ä'.localeCompare('z', 'de')\n"
        "  + new Date(0).toLocaleDateString('en-GB', { timeZone: 'UTC' });\n"
        "console.log(text === '1.234,5-101/01/1970' ? 'ok' : text);\n"
    ),
    "time zones": "console.log(new Intl.DateTimeFormat().resolvedOptions().timeZone && new Date(0).getFullYear() ? 'ok' : 'no');\n",
    "regular expressions": "console.log('kůň'.replace(/\\p{L}+/u, 'ok'));\n",
    "structured clones": "const a = { m: new Map([[1, new Date(0)]]) };\nconsole.log(structuredClone(a).m.get(1) - 0 === 0 ? 'ok' : 'no');\n",
    "files": "const fs = require('fs');\nfs.mkdirSync('a');\nfs.writeFileSync('a/b', 'ok');\nconsole.log(fs.readFileSync('a/b', 'utf8'));\n",
    "files without waiting": (
        "const fs = require('fs/promises');\n"
        "(async () => { await fs.writeFile('a', 'ok'); console.log(await fs.readFile('a', 'utf8')) })();\n"
    ),
    "streams": (
        "const fs = require('fs');\nfs.writeFileSync('a', 'ok\\n');\nfs.createReadStream('a').pipe(process.stdout);\n"
    ),
    "compression": "const z = require('zlib');\nz.gzip('ok', (_, packed) => z.gunzip(packed, (_, text) => console.log(`${text}`)));\n",
    "hashes": "const c = require('crypto');\nconsole.log(c.createHash('sha256').update('a').digest('hex').startsWith('ca978112') ? 'ok' : 'no');\n",
    "random bytes without waiting": "require('crypto').randomBytes(8, (_, bytes) => console.log(bytes.length === 8 ? 'ok' : 'no'));\n",
    "a slow hash in a thread": "require('crypto').pbkdf2('a', 'b', 10, 8, 'sha1', (_, key) => console.log(key.length === 8 ? 'ok' : 'no'));\n",
    "a worker": (
        "const { Worker, isMainThread, parentPort } = require('worker_threads');\n"
        "if (isMainThread) new Worker(__filename).on('message', console.log);\nelse parentPort.postMessage('ok');\n"
    ),
    "shared memory and a worker": (
        "const { Worker } = require('worker_threads');\nconst shared = new Int32Array(new SharedArrayBuffer(4));\n"
        "new Worker(\"const { workerData: s } = require('worker_threads'); Atomics.store(s, 0, 1); Atomics.notify(s, 0)\","
        " { eval: true, workerData: shared });\n"
        "Atomics.wait(shared, 0, 0, 5000);\nconsole.log(shared[0] === 1 ? 'ok' : 'no');\n"
    ),
    "a child": "console.log(`${require('child_process').execSync('echo ok')}`.trim());\n",
    "a child without waiting": "require('child_process').spawn('echo', ['ok'], { stdio: ['ignore', 'inherit', 'inherit'] });\n",
    "a child's output": "require('child_process').exec('echo ok', (_, out) => process.stdout.write(out));\n",
    "a child that is a Node": (
        "const { execFileSync } = require('child_process');\n"
        "process.stdout.write(execFileSync(process.execPath, ['-e', \"console.log('ok')\"]));\n"
    ),
    "WebAssembly": (
        "const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 127, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 6, 1, 4, 0,"
        " 65, 42, 11];\nconst program = new WebAssembly.Module(new Uint8Array(bytes));\n"
        "console.log(new WebAssembly.Instance(program).exports.f() === 42 ? 'ok' : 'no');\n"
    ),
    "WebAssembly without waiting": (
        "WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => console.log('ok'));\n"
    ),
    "fetch, which finds nobody": "fetch('http://127.0.0.1:1/').catch((error) => console.log(error instanceof TypeError ? 'ok' : error));\n",
    "fetch of what is at hand": "fetch('data:text/plain,ok').then((r) => r.text()).then(console.log);\n",
    "a name that nobody resolves": "require('dns').lookup('example.org', (error) => console.log(error ? 'ok' : 'no'));\n",
    "its own name": (
        "const { join } = require('path');\nconsole.log(process.argv.length === 2 && process.argv[1] === __filename &&"
        " __filename === join(__dirname, 'main.js') && require.main === module ? 'ok' : [process.argv, __filename]);\n"
    ),
    "how it was started": (
        "const wrong = [process.execArgv.length, process.env.NODE_NO_WARNINGS, process.env.LD_PRELOAD, process.pid > 0 ? 0 : 1,"
        " process.cwd() === __dirname ? 0 : process.cwd(), process.uptime() < 60 ? 0 : 1, process.exitCode];\n"
        "console.log(wrong.some(Boolean) ? wrong : 'ok');\n"
    ),
    "no name of ours": (
        "const ours = Object.keys(globalThis).filter((name) => /serve|forker|order|begin|copy/.test(name));\n"
        "console.log(ours.length + Object.keys(require.cache).length === 1 && !require('vm').SourceTextModule ? 'ok' : ours);\n"
    ),
    "classes": "class A { #x = 'ok'; static { A.y = 1 } get x() { return this.#x } }\nconsole.log(new A().x);\n",
    "generators": "function* all() { yield 'o'; yield 'k' }\nconsole.log([...all()].join(''));\n",
    "the rubbish of a while": "let kept;\nfor (let i = 0; i < 3e6; i++) kept = { i, a: [i] };\nconsole.log(kept.i === 2999999 ? 'ok' : 'no');\n",
    "weak references": "const r = new FinalizationRegistry(() => {});\nr.register({}, 1);\nconsole.log(new WeakRef(r).deref() === r ? 'ok' : 'no');\n",
    "code that gets hot": "let s = 0;\nconst f = (x) => (x * 7) % 11;\nfor (let i = 0; i < 5e6; i++) s += f(i);\nconsole.log(s > 0 ? 'ok' : 'no');\n",
    "code that is made": "console.log(eval(\"'o'\") + new Function(\"return 'k'\")() + require('vm').runInNewContext(\"''\"));\n",
    "signals to itself": "process.on('SIGUSR2', () => { console.log('ok'); clearInterval(id) });\nconst id = setInterval(() => {}, 1000);\nprocess.kill(process.pid, 'SIGUSR2');\n",
    "the clock": "const t = performance.now();\nwhile (performance.now() - t < 2);\nconsole.log(Date.now() > 1.7e12 ? 'ok' : 'no');\n",
    "abort controllers": "const c = new AbortController();\nc.signal.addEventListener('abort', () => console.log('ok'));\nc.abort();\n",
    "messages": "const { port1, port2 } = new MessageChannel();\nport2.onmessage = (m) => { console.log(m.data); port2.close() };\nport1.postMessage('ok');\n",
    "a test of its own": "const assert = require('assert');\nassert.deepStrictEqual({ a: [1] }, { a: [1] });\nconsole.log('ok');\n",
    "an error that is caught": "process.on('uncaughtException', () => console.log('ok'));\nthrow new Error('no');\n",
    "a rejection that is caught": "process.on('unhandledRejection', () => console.log('ok'));\nPromise.reject(new Error('no'));\n",
    "a promise that never settles": "new Promise(() => {}).then(() => console.log('no'));\nconsole.log('ok');\n",
    "output and then the end at once": "process.stdout.write('ok\\n');\nprocess.exit();\n",
    "exit status 0 by name": "process.exitCode = 0;\nconsole.log('ok');\n",
    "deep but not too deep": "const f = (n) => n ? 1 + f(n - 1) : 0;\nconsole.log(f(5000) === 5000 ? 'ok' : 'no');\n",
    "recursion that is caught": "const f = () => f();\ntry { f() } catch (error) { console.log(error instanceof RangeError ? 'ok' : error) }\n",
}


@pytest.mark.parametrize("source", ORDINARY.values(), ids=ORDINARY.keys())
async def test_ordinary(source: str, run: Run) -> None:
    grade = await run(source, limits=LARGE)
    assert grade.verdict == "AC", grade


INPUT = {
    "at once": "console.log(require('fs').readFileSync(0, 'utf8').trim() + process.argv[2]);\n",
    "by its old name": "console.log(require('fs').readFileSync('/dev/stdin', 'utf8').trim() + process.argv[2]);\n",
    "in pieces": (
        "let text = '';\nprocess.stdin.setEncoding('utf8').on('data', (piece) => { text += piece });\n"
        "process.stdin.on('end', () => console.log(text.trim() + process.argv[2]));\n"
    ),
    "when it can be read": (
        "let text = '';\nprocess.stdin.on('readable', () => { let p; while ((p = process.stdin.read())) text += p });\n"
        "process.stdin.on('end', () => console.log(text.trim() + process.argv[2]));\n"
    ),
    "piece after piece": (
        "(async () => { const all = []; for await (const piece of process.stdin) all.push(piece);\n"
        "console.log(Buffer.concat(all).toString().trim() + process.argv[2]) })();\n"
    ),
    "line by line": (
        "const lines = require('readline').createInterface({ input: process.stdin });\n"
        "lines.on('line', (line) => console.log(line + process.argv[2]));\n"
    ),
    "line after line": (
        "import { createInterface } from 'readline';\n"
        "for await (const line of createInterface({ input: process.stdin })) console.log(line + process.argv[2]);\n"
    ),
    "a question": (
        "const r = require('readline').createInterface({ input: process.stdin });\n"
        "r.question('', (line) => { console.log(line + process.argv[2]); r.close() });\n"
    ),
}


@pytest.mark.parametrize("source", INPUT.values(), ids=INPUT.keys())
async def test_input_arguments_and_unicode(source: str, run: Run) -> None:
    grade = await run(source, stdin="kůň\n", args=("🐎 'x'",), expected="kůň🐎 'x'\n")
    assert grade.verdict == "AC", grade


async def test_no_input_ends_at_once(run: Run) -> None:
    grade = await run("process.stdin.on('data', () => {}).on('end', () => console.log('ok'));\n")
    assert grade.verdict == "AC", grade


async def test_files_of_the_test(run: Run) -> None:
    source = (
        "const fs = require('fs');\nconsole.log(fs.readFileSync('data/in.txt', 'utf8') + fs.readdirSync('data'));\n"
    )
    grade = await run(source, files={"data/in.txt": "🐎"}, expected="🐎in.txt\n")
    assert grade.verdict == "AC", grade


SEVERAL = {
    "require": {
        "main.js": "const { sum } = require('./parts/sum');\nconsole.log(sum(1, 2) + require('./data.json').zero);\n",
        "parts/sum.js": "exports.sum = (one, other) => one + other;\n",
        "data.json": '{"zero": 0}',
    },
    "import": {
        "main.mjs": "import sum from './sum.mjs';\nimport { one } from './one.cjs';\nconsole.log(await Promise.resolve(sum(one, 2)));\n",
        "sum.mjs": "export default (one, other) => one + other;\n",
        "one.cjs": "exports.one = 1;\n",
    },
    "import by main.js": {
        "main.js": "import { sum } from './sum.js';\nconsole.log(sum(1, 2));\n",
        "sum.js": "export function sum(one, other) { return one + other }\n",
    },
    "require of a module": {
        "main.js": "console.log(require('./sum.mjs').sum(1, 2));\n",
        "sum.mjs": "export const sum = (one, other) => one + other;\n",
    },
    "modules by package.json": {
        "main.js": "import { sum } from '#sum';\nconsole.log(sum(1, 2));\n",
        "lib/sum.js": "export const sum = (one, other) => one + other;\n",
        "package.json": '{"type": "module", "imports": {"#sum": "./lib/sum.js"}}',
    },
}


@pytest.mark.parametrize("sources", SEVERAL.values(), ids=SEVERAL.keys())
async def test_several_files(sources: dict[str, str], grader: Grader) -> None:
    require(grader, "javascript")
    only = TestSpec(name="only", expected="3\n")
    spec = GradingSpec(language="javascript", tests=(only,), limits=ROOMY, entry=next(iter(sources)))
    grade = await grader.grade(spec, sources)
    assert grade.verdict == "AC", grade


OUTPUT = {
    "by console": "for (let i = 0; i < 65536; i++) console.log('0123456789abcde');\n",
    "at once": "console.log('0123456789abcde\\n'.repeat(65536).slice(0, -1));\n",
    "and the end": "process.stdout.write('0123456789abcde\\n'.repeat(65536));\nprocess.exit(0);\n",
}


@pytest.mark.parametrize("source", OUTPUT.values(), ids=OUTPUT.keys())
async def test_large_output_is_complete(source: str, run: Run) -> None:
    grade = await run(source, expected="0123456789abcde\n" * 65536, limits=LARGE)
    assert grade.verdict == "AC", grade


async def test_large_input_is_complete(run: Run) -> None:
    source = "let n = 0;\nprocess.stdin.on('data', (p) => { n += p.length }).on('end', () => console.log(n));\n"
    grade = await run(source, stdin="0123456789abcde\n" * 65536, expected="1048576\n", limits=LARGE)
    assert grade.verdict == "AC", grade


async def test_bytes_that_are_no_text(run: Run) -> None:
    grade = await run("process.stdout.write(Buffer.from([111, 0, 107, 255, 10]));\n")
    assert grade.verdict == "WA", grade


CANNOT_BE_COMPILED = {
    "syntax": ("const x = 1;\nlet y = ;\n", "main.js:2"),
    "an open bracket": ("console.log('ok'\n", "main.js:1"),
    "a name twice": ("let a = 1;\nlet a = 2;\n", "'a' has already been declared"),
    "await in a function": ("function f() { await 1 }\n", "await is only valid"),
    "a broken module": ("import fs from 'fs';\nconst x = ;\n", "main.js:2"),
    "a second file": ({"main.js": "console.log('ok');\n", "lib/b.js": "\nif (\n"}, "lib/b.js:"),
    "a script among modules": ({"main.js": "import './b.mjs';\n", "b.mjs": "\nwith (x) {}\n"}, "b.mjs:2"),
}


@pytest.mark.parametrize(("source", "said"), CANNOT_BE_COMPILED.values(), ids=CANNOT_BE_COMPILED.keys())
async def test_cannot_be_compiled(source: str | dict[str, str], said: str, run: Run) -> None:
    grade = await run(source)
    assert grade.verdict == "CE", grade
    output = grade.compile_output or ""
    assert said in output
    assert "SyntaxError" in output
    assert "/program" not in output
    assert "toolchains" not in output


CRASHES = {
    "an error": ("\nfunction f() { throw new Error('no') }\nf();\n", "Error: no (line 2)."),
    "a name that does not exist": (
        "\n\nnothing();\n",
        "ReferenceError: nothing is not defined (line 3). A name is used",
    ),
    "a member of nothing": ("let x;\nx.y;\n", "TypeError: Cannot read properties of undefined (reading 'y') (line 2)."),
    "a rejection": ("async function f() {\n  throw new TypeError('no');\n}\nf();\n", "TypeError: no (line 2)."),
    "a rejection with no error": ("Promise.reject(5);\n", 'A promise failed with "5", and nobody handled it.'),
    "in a timer": (
        "setTimeout(() => {\n  null.x;\n}, 1);\n",
        "TypeError: Cannot read properties of null (reading 'x') (line 2).",
    ),
    "in a module": ("import 'fs';\n\nnothing();\n", "ReferenceError: nothing is not defined (line 3)."),
    "in another file": (
        {"main.js": "require('./b');\n", "b.js": "\nthrow new RangeError('no');\n"},
        "RangeError: no (line 2).",
    ),
    "something that is no error": ("throw 'no';\n", "exit status 1"),
    "a module that is not there": ("require('left-pad');\n", "Cannot find module 'left-pad'"),
    "an import that is not there": ("import 'left-pad';\n", "Cannot find package 'left-pad'"),
    "recursion": ("const f = () => f();\nf();\n", "RangeError: Maximum call stack size exceeded (line 1)."),
    "exit status": ("process.exit(3);\n", "exit status 3"),
    "exit status by name": ("console.log('ok');\nprocess.exitCode = 4;\n", "exit status 4"),
    "exit status by listener": (
        "process.on('exit', () => { process.exitCode = 5 });\nconsole.log('ok');\n",
        "exit status 5",
    ),
    "exit status of a listener's error": (
        "process.on('exit', () => { throw new Error('no') });\n",
        "Error: no (line 1).",
    ),
    "an await that never settles": ("import 'fs';\nawait new Promise(() => {});\n", "exit status 13"),
    "killed by itself": ("process.kill(process.pid, 'SIGKILL');\nsetTimeout(() => {}, 5000);\n", "killed"),
    "ends itself": ("process.kill(process.pid, 'SIGTERM');\nsetTimeout(() => {}, 5000);\n", "SIGTERM"),
    "aborts": ("process.abort();\n", "aborted"),
    "an assertion": ("require('assert').strictEqual(1, 2);\n", "AssertionError"),
}


@pytest.mark.parametrize(("source", "said"), CRASHES.values(), ids=CRASHES.keys())
async def test_crashes_are_explained(source: str | dict[str, str], said: str, run: Run) -> None:
    grade = await run(source, limits=LARGE)
    assert grade.verdict == "RE", grade
    (outcome,) = grade.outcomes
    assert said in (outcome.message or ""), grade
    assert "/program" not in outcome.stderr
    assert "/tmp" not in outcome.stderr
    assert "zygote" not in outcome.stderr
    assert "node:internal" not in outcome.stderr.partition("Node.js v")[0], outcome.stderr


LIMITS = {
    "loop": ("for (;;) {}\n", Verdict.TLE),
    "loop of promises": ("(async () => { for (;;) await 0 })();\n", Verdict.TLE),
    "loop of timers": ("setInterval(() => {}, 1);\n", Verdict.TLE),
    "sleeps": ("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\n", Verdict.TLE),
    "never settles while a timer lives": ("setTimeout(() => {}, 1e6);\nnew Promise(() => {});\n", Verdict.TLE),
    "heap": ("const all = [];\nfor (;;) all.push(new Array(1000).fill(all.length));\n", Verdict.MLE),
    "text": (
        "const all = [];\nfor (let i = 0; ; i++) all.push(`${i}`.padStart(1e5, 'x').split('').join(''));\n",
        Verdict.MLE,
    ),
    "buffers": ("const all = [];\nfor (;;) all.push(Buffer.alloc(1 << 20, 1));\n", Verdict.MLE),
    "array buffers": (
        "const all = [];\nfor (;;) all.push(new Uint8Array(new ArrayBuffer(1 << 20)).fill(1));\n",
        Verdict.MLE,
    ),
    "WebAssembly's memory": (
        "const m = new WebAssembly.Memory({ initial: 1 });\nfor (;;) { m.grow(16); new Uint8Array(m.buffer).fill(1) }\n",
        Verdict.MLE,
    ),
    "a map": ("const m = new Map();\nfor (let i = 0; ; i++) m.set(i, { i });\n", Verdict.MLE),
    "output": ("for (;;) console.log('flood'.repeat(100));\n", Verdict.OLE),
}


@pytest.mark.parametrize(("source", "verdict"), LIMITS.values(), ids=LIMITS.keys())
async def test_limits(source: str, verdict: Verdict, run: Run) -> None:
    cpu_seconds = 5.0 if verdict is Verdict.MLE else 0.5
    limits = GradingLimits(cpu_seconds=cpu_seconds, wall_seconds=cpu_seconds * 4, memory_bytes=64 * MEBIBYTE)
    grade = await run(source, limits=limits)
    assert grade.verdict is verdict, grade


async def test_memory_below_the_limit_is_had(run: Run) -> None:
    source = "const all = [];\nfor (let i = 0; i < 60; i++) all.push(Buffer.alloc(1 << 20, 1));\nconsole.log('ok');\n"
    grade = await run(source, limits=GradingLimits(memory_bytes=96 * MEBIBYTE))
    assert grade.verdict == "AC", grade


LEAKS = {
    "globals": "console.log(globalThis.mark ? 'no' : 'ok');\nglobalThis.mark = 1;\n",
    "prototypes": (
        "console.log('mark' in {} || [].map === 1 || JSON.parse('1') !== 1 ? 'no' : 'ok');\n"
        "Object.prototype.mark = 1; Array.prototype.map = 1; JSON.parse = () => 2;\n"
    ),
    "libraries": "const fs = require('fs');\nconsole.log(fs.mark ? 'no' : 'ok');\nfs.mark = 1; fs.readFileSync = null;\n",
    "loaded modules": "console.log(require.cache.mark ? 'no' : 'ok');\nrequire.cache.mark = module;\n",
    "files": "const fs = require('fs');\nconsole.log(fs.existsSync('mark') ? 'no' : 'ok');\nfs.writeFileSync('mark', '');\n",
    "environment": "console.log(process.env.MARK ? 'no' : 'ok');\nprocess.env.MARK = '1';\n",
    "the directory": "console.log(process.cwd() === '/tmp' ? 'ok' : 'no');\nprocess.chdir('/');\n",
    "flags": "let ok = typeof gc;\nconsole.log(ok === 'undefined' ? 'ok' : 'no');\nrequire('v8').setFlagsFromString('--expose-gc');\n",
    "the mask": "console.log(process.umask() === 0o22 ? 'ok' : process.umask());\nprocess.umask(0o77);\n",
}


@pytest.mark.parametrize("source", LEAKS.values(), ids=LEAKS.keys())
async def test_nothing_reaches_the_next_test(source: str, grader: Grader) -> None:
    require(grader, "javascript")
    tests = tuple(TestSpec(name=f"{index}", expected="ok\n") for index in range(4))
    grade = await grader.grade(GradingSpec(language="javascript", tests=tests, limits=ROOMY), source)
    assert grade.verdict == "AC", grade


async def test_each_test_has_its_own_randomness(grader: Grader) -> None:
    require(grader, "javascript")
    source = (
        "const c = require('crypto');\nconsole.log(Math.random(), c.randomUUID(), c.randomBytes(8).toString('hex'));\n"
    )
    tests = tuple(TestSpec(name=f"{index}", expected=None, sample=True) for index in range(4))
    outputs: list[str] = []
    for _ in range(2):
        grade = await grader.grade(GradingSpec(language="javascript", tests=tests, limits=ROOMY), source)
        assert grade.verdict == "AC", grade
        outputs += [outcome.stdout for outcome in grade.outcomes]
    columns = zip(*(output.split() for output in outputs), strict=True)
    assert [len(set(column)) for column in columns] == [8, 8, 8]


PLAIN = (
    "timers",
    "a module by its await",
    "a worker",
    "a child",
    "WebAssembly",
    "files without waiting",
    "its own name",
)


@pytest.mark.parametrize("name", PLAIN)
async def test_ordinary_without_copies(name: str, plain_grader: Grader, run_plainly: Run) -> None:
    found = plain_grader.toolchains["javascript"]
    assert not isinstance(found, Missing)
    assert not is_copied(found)
    grade = await run_plainly(ORDINARY[name], limits=LARGE)
    assert grade.verdict == "AC", grade


async def test_input_and_files_without_copies(run_plainly: Run) -> None:
    grade = await run_plainly(INPUT["at once"], stdin="kůň\n", args=("🐎 'x'",), expected="kůň🐎 'x'\n")
    assert grade.verdict == "AC", grade


@pytest.mark.parametrize("name", CANNOT_BE_COMPILED)
async def test_cannot_be_compiled_without_copies(name: str, run_plainly: Run) -> None:
    source, said = CANNOT_BE_COMPILED[name]
    grade = await run_plainly(source)
    assert grade.verdict == "CE", grade
    assert said in (grade.compile_output or "")


@pytest.mark.parametrize("name", ["an error", "a rejection", "exit status"])
async def test_crashes_are_explained_without_copies(name: str, run_plainly: Run) -> None:
    source, said = CRASHES[name]
    grade = await run_plainly(source)
    assert grade.verdict == "RE", grade
    assert said in (grade.outcomes[0].message or "")


@pytest.mark.parametrize(("source", "verdict"), [LIMITS["loop"], LIMITS["output"]], ids=["loop", "output"])
async def test_limits_without_copies(source: str, verdict: Verdict, run_plainly: Run) -> None:
    grade = await run_plainly(source, limits=TIGHT)
    assert grade.verdict is verdict, grade


@pytest.mark.parametrize(
    ("status", "stderr", "verdict", "said"),
    [
        (
            134,
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n",
            Verdict.MLE,
            "memory",
        ),
        (
            1,
            "main.js:4\nx\n^\n\nReferenceError: x is not defined\n",
            Verdict.RE,
            "ReferenceError: x is not defined (line 4).",
        ),
        (1, "", Verdict.RE, "exit status 1"),
        (139, "", Verdict.RE, "not its own"),
    ],
    ids=["heap", "place", "nothing", "signal"],
)
def test_what_node_says_is_understood(status: int, stderr: str, verdict: Verdict, said: str) -> None:
    crash = find_language("javascript").explain_crash(status, stderr)
    assert crash.verdict is verdict
    assert said in crash.message
