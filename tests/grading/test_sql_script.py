"""SQL scripts taken apart: where statements end, and that the backend gets each of them whole."""

import pytest

from codezest_sandbox.programs.sql_script import for_backend, original_position, split

SPLITS = {
    "two": ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
    "nothing": (" ;; -- a;b\n /* c; /* d; */ e; */ ;", []),
    "quotes": ("""SELECT 'a;''b', "c;""d" ; x""", ["""SELECT 'a;''b', "c;""d" """, "x"]),
    "backslashes": (r"SELECT E'\';', '\'; x", [r"SELECT E'\';', '\'", "x"]),
    "dollars": ("SELECT $$;$a$;$$, $a$;$$;$a$; x", ["SELECT $$;$a$;$$, $a$;$$;$a$", "x"]),
    "a name with a dollar": ("SELECT a$b$; SELECT c$b$", ["SELECT a$b$", "SELECT c$b$"]),
    "comments within": ("SELECT 1 -- it's\n+ 2 /* ' */; x", ["SELECT 1 -- it's\n+ 2 /* ' */", "x"]),
    "a rule's parentheses": (
        "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); x",
        ["CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "x"],
    ),
    "a body": (
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; x",
        [
            "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END",
            "x",
        ],
    ),
    "a transaction": ("BEGIN; SELECT 1; END; x", ["BEGIN", "SELECT 1", "END", "x"]),
    "an open quote": ("SELECT 1; SELECT 'a; b", ["SELECT 1", "SELECT 'a; b"]),
    "an open comment": ("SELECT 1; /* a; b", ["SELECT 1"]),
}


@pytest.mark.parametrize(("script", "statements"), SPLITS.values(), ids=SPLITS.keys())
def test_where_statements_end(script: str, statements: list[str]) -> None:
    assert [statement.text for statement in split(script)] == statements


def test_lines_are_those_of_the_script() -> None:
    script = "-- one\n\nSELECT 1;\n  SELECT\n    nothing;"
    second = split(script)[1]
    assert second.line_of(script, 0) == 4
    assert second.line_of(script, second.text.index("nothing")) == 5


@pytest.mark.parametrize("text", ["SELECT 'a;\n\n\n;\n\nb'", "SELECT $$a;\n\n\nb$$", "SELECT 1 -- ;\n\n\n, 2"])
def test_nothing_ends_a_statement_before_its_end(text: str) -> None:
    made, _ = for_backend(text)
    assert made.endswith(";\n\n")
    assert ";\n\n" not in made[:-3]


def test_quotations_keep_what_they_hold_and_places_are_found_again() -> None:
    made, added = for_backend("SELECT 'a;\n\nb', wrong")
    assert made == "SELECT 'a;\n'\n'\nb', wrong;\n\n"
    assert original_position(made.index("wrong"), added) == "SELECT 'a;\n\nb', wrong".index("wrong")
