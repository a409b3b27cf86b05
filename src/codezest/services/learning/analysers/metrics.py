"""Sizes and complexities of functions, by lizard and complexipy. Runs in the process of `reading`."""

from typing import Any

from codezest.services.learning.analysers.measured import Measured

LONGEST_FUNCTION = 40
"""Lines of code."""
MOST_PARAMETERS = 5
MOST_PATHS = 10
"""Cyclomatic complexity, which counts the ways through a function."""
MOST_EFFORT = 15
"""Cognitive complexity, which counts what a reader has to keep in mind."""
LONGEST_SCRIPT = 40
LONGEST_LINE = 120
ANONYMOUS = "(anonymous)"
"""What lizard calls a function without a name: nobody is expected to describe one."""
SUFFIXES = {"python": ".py", "javascript": ".js", "typescript": ".ts", "java": ".java"}


def measure_functions(found: Measured, language: str, path: str, text: str) -> None:
    """Lines, functions, their lengths and complexities."""
    import lizard

    analysed: Any = lizard.analyze_file.analyze_source_code(f"program{SUFFIXES[language]}", text)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    effort = _efforts(text) if language == "python" else {}
    found.measures["lines"] += int(analysed.nloc)
    for function in analysed.function_list:
        name, line = str(function.name).rpartition("::")[2], int(function.start_line)
        found.measures["functions"] += name != ANONYMOUS
        found.raise_to("longest_function", int(function.nloc))
        found.raise_to("highest_complexity", int(function.cyclomatic_complexity))
        if function.nloc > LONGEST_FUNCTION:
            found.find("long-function", path, line, name)
        if len(function.full_parameters) > MOST_PARAMETERS:
            found.find("many-parameters", path, line, name)
        if function.cyclomatic_complexity > MOST_PATHS or effort.get(line, 0) > MOST_EFFORT:
            found.find("complex-function", path, line, name)
    if not analysed.function_list and analysed.nloc > LONGEST_SCRIPT:
        found.find("long-script", path, 1)


def _efforts(text: str) -> dict[int, int]:
    """Cognitive complexity by the line on which a Python function begins."""
    import complexipy

    return {function.line_start: function.complexity for function in complexipy.code_complexity(text).functions}


def measure_lines(found: Measured, language: str, path: str, text: str) -> None:
    """What the mere lines show."""
    tabs, spaces = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            found.find("long-line", path, number)
        tabs = tabs or (number if line.startswith("\t") else 0)
        spaces = spaces or (number if line.startswith("  ") else 0)
    if language != "python" and tabs and spaces:
        found.find("mixed-indentation", path, max(tabs, spaces))
