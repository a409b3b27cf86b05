"""What a language's grammar calls the things that the rules look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Types of nodes by what they stand for."""

    functions: frozenset[str]
    loops: frozenset[str]
    nesting: frozenset[str]
    """What makes code deeper, loops included."""
    conditions: frozenset[str] = frozenset({"if_statement"})
    bodies: tuple[str, ...] = ("body", "consequence")
    """Fields that hold what a loop or a condition does."""
    calls: Mapping[str, str]
    """Types of calls, with the field that holds what is called."""
    additions: frozenset[str]
    """Assignments that add: `+=`."""
    texts: frozenset[str]
    comments: frozenset[str] = frozenset({"comment"})
    declared: Mapping[str, str] = field(default_factory=dict[str, str])
    """Types of nodes that declare a name, with its field."""
    comprehensions: frozenset[str] = NOTHING
    handlers: frozenset[str] = NOTHING
    builtins: frozenset[str] = NOTHING
    """Functions and methods of the library whose use is a good sign."""


PYTHON = Shapes(
    functions=frozenset({"function_definition"}),
    loops=frozenset({"for_statement", "while_statement"}),
    nesting=frozenset(
        {"for_statement", "while_statement", "if_statement", "try_statement", "with_statement", "match_statement"}
    ),
    calls={"call": "function"},
    additions=frozenset({"augmented_assignment"}),
    texts=frozenset({"string", "concatenated_string"}),
    declared={"function_definition": "name", "assignment": "left"},
    comprehensions=frozenset(
        {"list_comprehension", "dictionary_comprehension", "set_comprehension", "generator_expression"}
    ),
    handlers=frozenset({"except_clause"}),
    builtins=frozenset(
        {"all", "any", "enumerate", "filter", "map", "max", "min", "reversed", "sorted", "sum", "zip", "join", "Counter",
         "defaultdict"}
    ),
)  # fmt: skip
_SCRIPT = {
    "functions": frozenset(
        {"function_declaration", "function_expression", "arrow_function", "method_definition",
         "generator_function_declaration"}
    ),
    "loops": frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"}),
}  # fmt: skip
JAVASCRIPT = Shapes(
    functions=_SCRIPT["functions"],
    loops=_SCRIPT["loops"],
    nesting=_SCRIPT["loops"] | {"if_statement", "switch_statement", "try_statement"},
    calls={"call_expression": "function"},
    additions=frozenset({"augmented_assignment_expression"}),
    texts=frozenset({"string", "template_string"}),
    declared={"function_declaration": "name", "variable_declarator": "name", "method_definition": "name"},
    handlers=frozenset({"catch_clause"}),
    builtins=frozenset(
        {"every", "filter", "find", "flatMap", "includes", "join", "map", "reduce", "some", "entries", "fromEntries"}
    ),
)
JAVA = Shapes(
    functions=frozenset({"method_declaration", "constructor_declaration", "lambda_expression"}),
    loops=frozenset({"for_statement", "enhanced_for_statement", "while_statement", "do_statement"}),
    nesting=frozenset(
        {"for_statement", "enhanced_for_statement", "while_statement", "do_statement", "if_statement", "switch_expression",
         "try_statement", "try_with_resources_statement"}
    ),
    calls={"method_invocation": "name"},
    additions=frozenset({"assignment_expression"}),
    texts=frozenset({"string_literal"}),
    comments=frozenset({"line_comment", "block_comment"}),
    declared={
        "method_declaration": "name", "variable_declarator": "name", "class_declaration": "name", "formal_parameter": "name",
    },
    handlers=frozenset({"catch_clause"}),
    builtins=frozenset({"collect", "filter", "join", "map", "max", "min", "mapToInt", "stream", "sum", "computeIfAbsent"}),
)  # fmt: skip
SHAPES: Mapping[str, Shapes] = {"python": PYTHON, "javascript": JAVASCRIPT, "typescript": JAVASCRIPT, "java": JAVA}
