"""SQL in a real sandbox: what comes out, how errors are explained, and statements that mean harm."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from codezest.grading import Grade, Grader, GradingLimits, GradingSpec, TestSpec
from codezest_db.enums import CheckerKind

pytestmark = pytest.mark.sandbox

MEBIBYTE = 1 << 20
SETUP = (
    "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, NULL), (3, ''), (4, 'NULL'), (5, 'p,\"q\"');"
)
TIGHT = GradingLimits(
    cpu_seconds=0.5, wall_seconds=2.0, memory_bytes=64 * MEBIBYTE, output_bytes=64 * 1024, file_bytes=MEBIBYTE
)
Run = Callable[..., Awaitable[Grade]]


@pytest.fixture
def run(grader: Grader) -> Run:
    """Grade a script by one test."""

    async def grade(
        script: str,
        expected: str | None = None,
        *,
        setup: str = SETUP,
        limits: GradingLimits | None = None,
        **test: Any,
    ) -> Grade:
        only = TestSpec(name="only", stdin=setup, expected=expected, **test)
        spec = GradingSpec(language="sql", tests=(only,), limits=limits or GradingLimits(wall_seconds=60.0))
        return await grader.grade(spec, script)

    return grade


async def test_rows_come_as_lines(run: Run) -> None:
    grade = await run("SELECT * FROM t ORDER BY a", 'a,b\n1,x\n2,NULL\n3,\n4,"NULL"\n5,"p,""q"""\n')
    assert grade.verdict == "AC", grade


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("SELECT 1; SELECT 2 AS b;", "b\n2\n"),
        ("SELECT 1 AS a; CREATE TABLE u (x int);", "a\n1\n"),
        ("UPDATE t SET a = 9 WHERE a = 1 RETURNING b, a", "b,a\nx,9\n"),
        ("SELECT a FROM t WHERE false", "a\n"),
        ("BEGIN; DELETE FROM t; ROLLBACK; SELECT count(*) FROM t", "count\n5\n"),
        ("VALUES (true, 1.50, date '2024-02-29')", "column1,column2,column3\nt,1.50,2024-02-29\n"),
        ("SELECT E'a\\nb' AS c", 'c\n"a\nb"\n'),
        ("SELECT 'x;\n\ny' AS c", 'c\n"x;\n\ny"\n'),
        ("SELECT 'backend> ' AS c", "c\nbackend> \n"),
        (
            "CREATE FUNCTION f(n int) RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN n + 1;\n\nEND $$; SELECT f(1)",
            "f\n2\n",
        ),
        ("DO $$ BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN NULL; END $$; SELECT 1 AS a", "a\n1\n"),
        ("SHOW timezone", "TimeZone\nUTC\n"),
        ("CREATE TABLE u (x int)", ""),
    ],
)
async def test_the_last_result_set_is_the_output(run: Run, script: str, expected: str) -> None:
    assert (await run(script, expected)).verdict == "AC"


async def test_rows_in_any_order(run: Run) -> None:
    expected = "a\n1\n2\n3\n4\n5\n"
    assert (await run("SELECT a FROM t ORDER BY a DESC", expected, checker=CheckerKind.UNORDERED_LINES)).verdict == "AC"
    assert (await run("SELECT a FROM t ORDER BY a DESC", expected)).verdict == "WA"


async def test_a_query_looks_at_what_the_script_did(run: Run) -> None:
    check = ("SELECT count(*) AS n FROM t",)
    assert (await run("DELETE FROM t WHERE a > 3; SELECT 'not this'", "n\n3\n", args=check)).verdict == "AC"
    assert (await run("SELECT 3 AS n", "n\n3\n", args=check)).verdict == "WA"
    missing = await run("DROP TABLE t", "n\n3\n", args=check)
    assert missing.verdict == "RE"
    assert 'relation "t" does not exist' in (missing.outcomes[0].message or "")


@pytest.mark.parametrize(
    "script",
    [
        "SELECT 3 AS n; --",
        "SELECT 3 AS n; /* ",
        "SELECT 3 AS n) --",
        "SET search_path = nowhere; SELECT 3 AS n",
        "COPY t FROM STDIN;",
        "SELECT 3 AS n \\g",
        "SELECT '3 AS n",
        "SELECT $$3 AS n",
        "PREPARE n AS SELECT 3 AS n; EXECUTE n;",
        "SET ROLE codezest; SELECT 3 AS n",
    ],
)
async def test_no_quotation_reaches_into_the_query_that_checks(run: Run, script: str) -> None:
    assert (await run(script, "n\n3\n", args=("SELECT count(*) AS n FROM t",))).verdict in {"WA", "CE", "RE"}


@pytest.mark.parametrize("script", ["", "-- nothing", " ; ", "SELEC 1", "SELECT 1;\n\nSELECT (2", "\\d t", "SELECT 'a"])
async def test_what_cannot_be_parsed_is_a_compile_error(run: Run, script: str) -> None:
    assert (await run(script)).verdict == "CE"


async def test_a_syntax_error_is_found_before_anything_runs_and_has_its_line(run: Run) -> None:
    grade = await run("SELECT 1;\n\nSELECT 2 FORM t;")
    assert grade.verdict == "CE"
    assert "line 3" in (grade.compile_output or "")
    assert 'syntax error at or near "t"' in (grade.compile_output or "")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("SELECT 1;\nSELECT\n  nothing FROM t", 'Line 3: column "nothing" does not exist. A column is misspelt'),
        ("SELECT nam FROM (SELECT 1 AS name) s", 'Perhaps you meant to reference the column "s.name".'),
        ("SELECT 1 / 0", "Line 1: division by zero."),
        ("\nINSERT INTO nowhere VALUES (1)", 'Line 2: relation "nowhere" does not exist.'),
        ("DO $$\nBEGIN\n  PERFORM 1 / 0;\nEND $$", "Line 1: division by zero."),
    ],
)
async def test_errors_are_explained(run: Run, script: str, said: str) -> None:
    outcome = (await run(script)).outcomes[0]
    assert outcome.verdict == "RE"
    assert said in (outcome.message or "")


async def test_a_statement_that_fails_ends_the_script(run: Run) -> None:
    outcome = (await run("SELECT 1 AS a; SELECT 1 / 0; SELECT 2 AS b")).outcomes[0]
    assert outcome.stdout == "a\n1\n"


async def test_notices_are_standard_error(run: Run) -> None:
    outcome = (await run("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")).outcomes[0]
    assert outcome.verdict == "AC"
    assert outcome.stderr == "NOTICE: hello\n"


async def test_a_set_up_that_fails_is_not_the_learners_fault(run: Run) -> None:
    outcome = (await run("SELECT 1", setup="CREATE TABLE x (")).outcomes[0]
    assert outcome.verdict == "IE"
    assert "could not be set up" in (outcome.message or "")


HOSTILE = {
    "a program": ("COPY (SELECT 1) TO PROGRAM 'id'", "RE"),
    "a program, as superuser": (
        "SET SESSION AUTHORIZATION codezest; COPY (SELECT 1) TO PROGRAM 'id > /tmp/x'",
        "RE MLE",
    ),
    "a file": ("SELECT pg_read_file('/etc/shadow')", "RE"),
    "a file, as superuser": ("SET SESSION AUTHORIZATION codezest; SELECT pg_read_file('/etc/shadow')", "RE"),
    "another database": ("CREATE EXTENSION dblink; SELECT dblink('host=127.0.0.1', 'SELECT 1')", "RE"),
    "another database, as superuser": (
        "SET SESSION AUTHORIZATION codezest; CREATE EXTENSION dblink; SELECT dblink_connect('host=127.0.0.1')",
        "RE",
    ),
    "native code": (
        "SET SESSION AUTHORIZATION codezest; COPY (SELECT 1) TO '/tmp/x.so'; LOAD '/tmp/x.so'",
        "RE",
    ),
    "recursion without end": (
        "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
        "OLE TLE",
    ),
    "functions calling each other": (
        "CREATE FUNCTION f(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN f(n + 1); END'; SELECT f(1)",
        "RE TLE",
    ),
    "a loop": ("DO $$ BEGIN LOOP END LOOP; END $$", "TLE"),
    "a loop that catches everything": (
        "DO $$ BEGIN LOOP BEGIN PERFORM 1 / 0; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$",
        "TLE MLE",
    ),
    "sleep": ("SELECT pg_sleep(100)", "TLE"),
    "no time limit": ("SET statement_timeout = 0; SELECT pg_sleep(100)", "TLE"),
    "a flood of rows": ("SELECT generate_series(1, 100000000)", "OLE"),
    "a flood of rows kept": ("SELECT * FROM generate_series(1, 100000000)", "OLE TLE"),
    "a huge value": ("SELECT repeat('x', 500000000)", "MLE OLE"),
    "a huge sort": (
        "SET work_mem = '1GB'; SELECT max(x) FROM (SELECT md5(n::text) AS x FROM generate_series(1, 9999999) n ORDER BY 1) s",
        "MLE OLE TLE",
    ),
    "a huge array": ("SELECT array_agg(repeat('x', 1000)) FROM generate_series(1, 9999999)", "MLE OLE TLE"),
    "a table without end": ("CREATE TABLE u AS SELECT repeat('x', 1000) FROM generate_series(1, 9999999)", "OLE TLE"),
    "drops all": ("DROP SCHEMA public CASCADE; DROP OWNED BY learner; DROP DATABASE exercise", "RE"),
    "spoils the catalogue": ("SET SESSION AUTHORIZATION codezest; DELETE FROM pg_class; SELECT * FROM t", "RE"),
    "ends the server": ("SELECT pg_terminate_backend(pg_backend_pid())", "RE"),
    "ends the server, as superuser": (
        "SET SESSION AUTHORIZATION codezest; SELECT pg_terminate_backend(pg_backend_pid())",
        "RE WA",
    ),
    "settings for good": ("ALTER SYSTEM SET shared_buffers = '8GB'", "RE"),
    "locks": ("SELECT pg_advisory_lock(1); BEGIN; LOCK TABLE t; SELECT 'ok' AS c", "AC"),
    "a large object": ("SELECT lo_import('/etc/shadow')", "RE"),
    "silent errors": ("SET log_min_messages = panic; SELECT 1 / 0", "RE"),
    "a notice like an error": (
        "DO $$ BEGIN RAISE NOTICE E'x\\nset-up: line 1: ERROR 22012: y'; END $$; SELECT 'ok' AS c",
        "AC",
    ),
    "leaves things behind": ("CREATE ROLE other; CREATE TABLE left_behind (a int); SELECT 'ok' AS c", "RE"),
}


@pytest.mark.parametrize(("script", "verdicts"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_statements_harm_nobody(run: Run, script: str, verdicts: str) -> None:
    grade = await run(script, "c\nok\n", limits=TIGHT)
    assert grade.verdict in verdicts.split(), grade
    following = await run("CREATE TABLE left_behind (a int); SELECT count(*) FROM t", "count\n5\n")
    assert following.verdict == "AC", following


async def test_tests_do_not_see_each_other(grader: Grader) -> None:
    tests = tuple(TestSpec(name=name, stdin=SETUP, expected="count\n5\n") for name in "abc")
    script = "SELECT count(*) FROM t; CREATE TABLE u (a int); INSERT INTO t SELECT * FROM t;"
    grade = await grader.grade(GradingSpec(language="sql", tests=tests), script)
    assert [outcome.verdict for outcome in grade.outcomes] == ["AC", "AC", "AC"]
