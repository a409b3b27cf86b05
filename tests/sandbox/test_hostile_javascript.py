"""JavaScript programs that mean harm: each gets exactly its verdict, and neither the host nor the next test notices.

What they know best is that they are copies: of a process that served other programs before, and will serve more.
"""

from collections.abc import Awaitable, Callable

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest_db.enums import Verdict
from fixtures.programs import MEBIBYTE, TIGHT, require, runner

pytestmark = pytest.mark.sandbox

Face = Callable[..., Awaitable[Grade]]
NO_FLOOD = GradingLimits(
    cpu_seconds=1.5, wall_seconds=4.0, memory_bytes=64 * MEBIBYTE, output_bytes=64 * 1024, file_bytes=MEBIBYTE
)


@pytest.fixture
def face(grader: Grader) -> Face:
    return runner(grader, "javascript")


def refused(body: str) -> str:
    """A program whose attempt must throw. What it has got is shown."""
    return (
        f"const fs = require('fs');\nlet got;\ntry {{ got = ({body}); }} catch {{ got = 'ok'; }}\nconsole.log(got);\n"
    )


FORKER = "/toolchains/node-copies/made/forker.node"
OURS = f"const ours = {{ exports: {{}} }};\nprocess.dlopen(ours, '{FORKER}');\n"
SPAWN = "const { spawn } = require('child_process');\n"
STAY = "setTimeout(() => {}, 1e6);\n"

PROGRAMS: dict[str, tuple[str, Verdict]] = {
    "endless loop": ("for (;;) {}\n", Verdict.TLE),
    "endless loop of ticks": ("const f = () => process.nextTick(f);\nf();\n", Verdict.TLE),
    "sleeps": ("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\n", Verdict.TLE),
    "stops itself": ("process.kill(process.pid, 'SIGSTOP');\n", Verdict.TLE),
    "stops its group": ("process.kill(0, 'SIGSTOP');\n", Verdict.TLE),
    "ignores signals": (
        "for (const s of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGXCPU', 'SIGALRM']) process.on(s, () => {});\n" + STAY,
        Verdict.TLE,
    ),
    "catches its end": ("process.on('exit', () => { for (;;); });\nprocess.exit(0);\n", Verdict.TLE),
    "fork bomb": (
        SPAWN + "const bomb = () => { spawn('sh', ['-c', 'f() { f | f & }; f; sleep 9'])"
        ".on('error', () => {}); setImmediate(bomb) };\nbomb();\n",
        Verdict.TLE,
    ),
    "bomb of workers": (
        (
            "const { Worker } = require('worker_threads');\n"
            "for (;;) new Worker('for (;;);', { eval: true }).on('error', () => {});\n"
        ),
        Verdict.MLE,
    ),
    "CPU in children": (
        SPAWN
        + "for (let i = 0; i < 2; i++) spawn('sh', ['-c', 'while :; do :; done'], { detached: true }).unref();\n"
        + STAY,
        Verdict.TLE,
    ),
    "heap bomb": ("const all = [];\nfor (;;) all.push(new Array(1000).fill(all.length));\n", Verdict.MLE),
    "buffer bomb": ("const all = [];\nfor (;;) all.push(Buffer.alloc(1 << 24, 1));\n", Verdict.MLE),
    "shared buffer bomb": (
        "const all = [];\nfor (;;) all.push(new Uint8Array(new SharedArrayBuffer(1 << 24)).fill(1));\n",
        Verdict.MLE,
    ),
    "memory in children": (
        SPAWN
        + "for (let i = 0; i < 4; i++) spawn(process.execPath, ['-e', 'x = Buffer.alloc(5e7, 1); setTimeout(() => {}, 1e5)']);\n"
        + STAY,
        Verdict.MLE,
    ),
    "a huge literal": ("const x = 'y'.repeat(2 ** 29 - 24).split('');\nconsole.log(x.length);\n", Verdict.MLE),
    "flood": ("for (;;) console.log('flood'.repeat(100));\n", Verdict.OLE),
    "flood of errors": ("for (;;) console.error('flood'.repeat(100));\n", Verdict.OLE),
    "flood of a child": (SPAWN + "spawn('yes', ['flood'], { stdio: 'inherit' });\n", Verdict.OLE),
    "a file that is too large": (
        "const fs = require('fs');\nfor (;;) fs.appendFileSync('a', Buffer.alloc(1 << 16));\n",
        Verdict.RE,
    ),
    "many files": ("const fs = require('fs');\nfor (let i = 0; ; i++) fs.writeFileSync(`f${i}`, '');\n", Verdict.RE),
    "many folders": ("const fs = require('fs');\nfor (;;) { fs.mkdirSync('d'); process.chdir('d') }\n", Verdict.RE),
    "many descriptors": ("const fs = require('fs');\nfor (;;) fs.openSync('/usr', 'r');\n", Verdict.RE),
    "deep recursion": ("const f = () => 1 + f();\nf();\n", Verdict.RE),
    "recursion on a stack without end": (
        (
            "require('v8').setFlagsFromString('--stack-size=10000000');\nconst f = () => 1 + f();\n"
            "require('vm').runInNewContext('f()', { f });\n"
        ),
        Verdict.RE,
    ),
    "shadow": ("require('fs').readFileSync('/etc/shadow');\n", Verdict.RE),
    "aborts": ("process.abort();\n", Verdict.RE),
    "kills everybody": ("process.kill(-1, 'SIGKILL');\nprocess.exit(1);\n", Verdict.RE),
    "kills its group": ("process.kill(0, 'SIGKILL');\n" + STAY, Verdict.RE),
    "an exception of the machine": ("process.kill(process.pid, 'SIGSEGV');\n" + STAY, Verdict.RE),
    "a crash by an address": (
        "require('v8').setFlagsFromString('--allow-natives-syntax');\nnew Function('%SystemBreak()')();\n",
        Verdict.RE,
    ),
    "ends early": ("process.exit(0);\nconsole.log('ok');\n", Verdict.WA),
    "ends early by force": ("process.reallyExit(0);\n", Verdict.WA),
    "a console of its own": ("console.log = () => {};\nconsole.log('ok');\n", Verdict.WA),
    "a write of its own": ("process.stdout.write = () => true;\nconsole.log('ok');\n", Verdict.WA),
    "what cannot be text": ("process.stdout.write(Buffer.from([0, 255, 254]));\n", Verdict.WA),
    "a regular expression without end": ("console.log(/^(a+)+$/.test('a'.repeat(40) + 'b'));\n", Verdict.TLE),
    "a number without end": ("let x = 3n;\nfor (;;) x *= x;\n", Verdict.TLE),
    "leaves through our own door": (OURS + "ours.exports.leave(0);\n", Verdict.WA),
    "serves as we do": (OURS + "ours.exports.serve(3);\nconsole.log('served');\n", Verdict.WA),
    "begins again": (OURS + "try { ours.exports.begin(); } catch { console.log('ok'); }\n", Verdict.AC),
    "flags of the engine": (
        (
            "const v8 = require('v8');\nfor (const f of ['--expose-gc', '--no-opt', '--allow-natives-syntax', '--jitless', '--single-threaded'])"
            " v8.setFlagsFromString(f);\nconsole.log('ok');\n"
        ),
        Verdict.AC,
    ),
    "a debugger": (
        (
            "const inspector = require('inspector');\ntry { inspector.open(0, '127.0.0.1'); } catch {}\n"
            "console.log(inspector.url() ? 'no' : 'ok');\nprocess.exit(0);\n"
        ),
        Verdict.AC,
    ),
    "a daemon that holds the output": (
        SPAWN
        + "spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'inherit'] }).unref();\nconsole.log('ok');\n",
        Verdict.AC,
    ),
    "a daemon that forks for ever": (
        SPAWN
        + "spawn('sh', ['-c', 'f() { sleep 0.01; f & }; f'], { detached: true, stdio: 'inherit' }).unref();\nconsole.log('ok');\n",
        Verdict.AC,
    ),
    "leaves links": (
        (
            "const fs = require('fs');\nfor (const [to, at] of [['/', 'a'], ['/etc/shadow', 'b'], ['c', 'c'], ['/program', 'd']])"
            " fs.symlinkSync(to, at);\nconsole.log('ok');\n"
        ),
        Verdict.AC,
    ),
    "leaves a folder that nobody may open": (
        (
            "const fs = require('fs');\nfs.mkdirSync('a');\nfs.writeFileSync('a/b', 'x');\nfs.chmodSync('a', 0);\nfs.chmodSync('.', 0);\n"
            "console.log('ok');\n"
        ),
        Verdict.AC,
    ),
    "takes the rights of all": (
        (
            "try { process.setuid(0); process.setgid(0); process.setgroups([0]); } catch {}\n"
            "console.log(process.getuid() === 0 ? 'no' : 'ok');\n"
        ),
        Verdict.AC,
    ),
    "raises its priority": (
        "const os = require('os');\ntry { os.setPriority(0, -20); } catch {}\nconsole.log(os.getPriority() < 0 ? 'no' : 'ok');\n",
        Verdict.AC,
    ),
    "every signal to the first process": (
        "for (let n = 1; n < 65; n++) try { process.kill(1, n); } catch {}\nprocess.kill(1, 0);\nconsole.log('ok');\n",
        Verdict.AC,
    ),
    "kills whom it can count": (
        "for (let pid = 3; pid < 500; pid++) try { process.kill(pid, 9); console.log(pid); } catch {}\nconsole.log('ok');\n",
        Verdict.AC,
    ),
    "its parent, who is nobody": ("process.kill(process.ppid, 9);\n" + STAY, Verdict.RE),
    "the library of its children": (
        "process.env.LD_PRELOAD = '" + FORKER + "';\n"
        "console.log(`${require('child_process').execFileSync('/bin/echo', ['ok'])}`.trim());\n",
        Verdict.AC,
    ),
    "internal bindings": (
        (
            "let n = 0;\nfor (const name of ['fs', 'process_wrap', 'spawn_sync', 'tcp_wrap', 'inspector', 'config'])"
            " try { process.binding(name); } catch { n++; }\nconsole.log('ok');\n"
        ),
        Verdict.AC,
    ),
}


@pytest.mark.parametrize(("source", "verdict"), PROGRAMS.values(), ids=PROGRAMS.keys())
async def test_hostile(source: str, verdict: Verdict, face: Face) -> None:
    grade = await face(source, limits=NO_FLOOD if verdict is Verdict.MLE else TIGHT)
    assert grade.verdict is verdict, grade


REFUSED = {
    "writes to /": "fs.writeFileSync('/a', '')",
    "writes to /usr": "fs.writeFileSync('/usr/a', '')",
    "writes to /toolchains": "fs.writeFileSync('/toolchains/node-copies/made/zygote.js', '')",
    "writes to the forker": f"fs.openSync('{FORKER}', 'r+')",
    "what its source is copied from": "fs.appendFileSync('/program/main.js', '//')",
    "writes beside that": "fs.writeFileSync('/program/a', '')",
    "/dev/shm": "fs.writeFileSync('/dev/shm/codezest-sandbox-leak', '')",
    "/proc": "fs.readdirSync('/proc/self')",
    "/proc/1": "fs.readFileSync('/proc/1/environ', 'utf8')",
    "the host's folders": "fs.readdirSync('/root')",
    "links out of the folder": "fs.linkSync('/usr/bin/env', 'env')",
    "a device": "fs.readSync(fs.openSync('/dev/mem', 'r'))",
    "a node of a device": "require('child_process').execSync('mknod a b 8 0', { stdio: 'pipe' })",
    "pipes with names": "require('child_process').execSync('mkfifo a', { stdio: 'pipe' })",
    "mounts": "require('child_process').execSync('mount -t tmpfs none /tmp', { stdio: 'pipe' })",
    "a new namespace": "require('child_process').execSync('unshare -r true', { stdio: 'pipe' })",
    "another root": "require('child_process').execSync('chroot / true', { stdio: 'pipe' })",
    "more rights": "require('child_process').execSync('su -c true', { stdio: 'pipe' })",
    "raises a limit": "require('child_process').execSync('ulimit -n 4096', { stdio: 'pipe' })",
    "an addon that is none": "process.dlopen({ exports: {} }, __filename)",
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
async def test_refused(body: str, face: Face) -> None:
    grade = await face(refused(body))
    assert grade.verdict is Verdict.AC, grade


NETWORK = {
    "connects": "require('net').connect(22, '127.0.0.1')",
    "connects by IPv6": "require('net').connect(22, '::1')",
    "listens": "require('net').createServer().listen(0, '127.0.0.1')",
    "serves HTTP": "require('http').createServer().listen(8080)",
    "a socket with a path": "require('net').createServer().listen('/tmp/socket')",
    "a socket without a path": "require('net').createServer().listen('\\0codezest')",
    "UDP": "require('dgram').createSocket('udp4').bind(0)",
}


@pytest.mark.parametrize("body", NETWORK.values(), ids=NETWORK.keys())
async def test_no_network(body: str, face: Face) -> None:
    source = (
        "process.on('uncaughtException', () => { console.log('ok'); process.exit(0) });\n"
        f"const socket = {body};\nfor (const at of ['connect', 'listening', 'message'])"
        " socket.on(at, () => { console.log(at); process.exit(0) });\n"
    )
    grade = await face(source)
    assert grade.verdict is Verdict.AC, grade


# Pipes are Node's own; that the report is not among them is seen when all are written to.
SCAN = """
const fs = require('fs');
const found = [];
for (let n = 3; n < 1024; n++) {
  let stat;
  try { stat = fs.fstatSync(n); } catch { continue; }
  const buffer = Buffer.alloc(16);
  try { if (fs.readSync(n, buffer, 0, 16, 0) > 0) found.push(`${n} can be read: ${buffer}`); } catch {}
  if (stat.isSocket() || stat.isDirectory() || stat.isFile()) found.push(`${n}: ${stat.mode.toString(8)}`);
}
console.log(found.length ? found : 'ok');
"""


async def test_no_descriptor_of_ours_is_left_open(face: Face) -> None:
    grade = await face(SCAN, args=("a",), files={"a": "secret"}, stdin="x")
    assert grade.verdict is Verdict.AC, grade


async def test_no_descriptor_of_ours_is_left_open_in_later_tests(grader: Grader) -> None:
    """The first test's program has waited for it; the others are forked for theirs."""
    require(grader, "javascript")
    tests = tuple(
        TestSpec(name=f"{index}", args=("a",), files={"a": "secret"}, stdin="x", expected="ok\n") for index in range(3)
    )
    grade = await grader.grade(GradingSpec(language="javascript", tests=tests, limits=TIGHT), SCAN)
    assert grade.verdict is Verdict.AC, grade


async def test_a_worker_finds_no_descriptor_of_ours(face: Face) -> None:
    wrapped = f"new (require('worker_threads').Worker)({SCAN!r}, {{ eval: true }});\n"
    grade = await face(wrapped, stdin="x")
    assert grade.verdict is Verdict.AC, grade


async def test_what_is_written_to_every_descriptor_tells_nobody_anything(face: Face) -> None:
    source = (
        "const fs = require('fs');\nfor (let n = 3; n < 1024; n++)"
        " for (const text of ['!no', '+', '\\0'.repeat(12)]) try { fs.writeSync(n, text); } catch {}\nconsole.log('ok');\n"
    )
    grade = await face(source)
    assert grade.verdict is Verdict.AC, grade


@pytest.mark.parametrize(
    "call", ["copy()", "processId()", "randomSeed()", "begin()", "serve(0)", "serve(200)"], ids=lambda call: call[:-1]
)
async def test_our_own_functions_gain_nothing(call: str, face: Face) -> None:
    """Called by a learner, they act with a learner's rights."""
    source = (
        f"{OURS}process.on('exit', () => {{}});\ntry {{ ours.exports.{call}; }} catch {{}}\n"
        "const fs = require('fs');\nlet said = 'ok';\n"
        "for (const path of ['/etc/shadow', '/proc/1/environ']) try { said = fs.readFileSync(path, 'utf8') } catch {}\n"
        "try { fs.writeFileSync('/program/a', ''); said = 'no' } catch {}\nconsole.log(said);\n"
    )
    grade = await face(source)
    assert grade.outcomes[0].stdout in {"", "ok\n", "ok\nok\n"}, grade


async def test_a_giant_source(face: Face) -> None:
    grade = await face("const x = [" + "1," * 300_000 + "];\nconsole.log('ok');\n")
    assert grade.verdict in {Verdict.AC, Verdict.CE}, grade


@pytest.mark.parametrize(
    "source", ["(" * 200_000, "[" * 200_000 + "]" * 200_000, "a=>" * 50_000 + "1"], ids=["open", "nested", "arrows"]
)
async def test_a_source_that_is_nested_too_deeply(source: str, face: Face) -> None:
    grade = await face(source)
    assert grade.verdict is Verdict.CE, grade


POISON = (
    "Object.prototype.toString = () => 'x'; Array.prototype[Symbol.iterator] = null; Object.prototype.then = () => {};\n"
    "JSON.parse = JSON.stringify = () => ({}); Function.prototype.call = null; process.exit = () => {};\n"
    "String.prototype.replace = () => 'x'; process.on('exit', () => { throw 1 });\n"
    "require('fs').writeSync(1, 'ok\\n');\nrequire('module')._load = null;\nfor (;;) { process.reallyExit(0); }\n"
)


async def test_a_poisoned_world_does_not_reach_the_next_test(grader: Grader) -> None:
    require(grader, "javascript")
    tests = tuple(TestSpec(name=f"{index}", expected="ok\n") for index in range(4))
    grade = await grader.grade(GradingSpec(language="javascript", tests=tests, limits=TIGHT), POISON)
    assert grade.verdict is Verdict.AC, grade


ENDS = {
    "killed": "process.kill(process.pid, 9);\n",
    "everybody killed": "process.kill(-1, 9);\nprocess.kill(process.pid, 9);\n",
    "the machine's error": "process.kill(process.pid, 'SIGSEGV');\n",
    "aborted": "process.abort();\n",
    "too long": "for (;;);\n",
    "too much": "const all = [];\nfor (;;) all.push(Buffer.alloc(1 << 24, 1));\n",
    "children left": "require('child_process').spawn('sh', ['-c', 'while :; do :; done'], { detached: true });\nprocess.exit(1);\n",
}


@pytest.mark.parametrize("body", ENDS.values(), ids=ENDS.keys())
async def test_the_next_test_runs_however_one_ended(body: str, grader: Grader) -> None:
    require(grader, "javascript")
    source = f"if (process.argv[2] === 'a') {{ {body} }} else console.log('ok');\n"
    tests = tuple(TestSpec(name=name, args=(name,), expected="ok\n") for name in ("a", "b", "a", "b"))
    grade = await grader.grade(GradingSpec(language="javascript", tests=tests, limits=TIGHT), source)
    assert [outcome.verdict is Verdict.AC for outcome in grade.outcomes] == [False, True, False, True], grade
