"""The tables, by the key of the language."""

from dataclasses import replace

from codezest.grading.mutation.table import MutationTable

_ARITHMETIC: dict[str, tuple[str, ...]] = {
    "+": ("-",),
    "-": ("+",),
    "*": ("/",),
    "/": ("*",),
    "%": ("*",),
    "+=": ("-=",),
    "-=": ("+=",),
    "*=": ("/=",),
    "/=": ("*=",),
    "<<": (">>",),
    ">>": ("<<",),
    "&": ("|",),
    "|": ("&",),
    "^": ("&",),
}
# Once at the boundary, once turned round.
_COMPARISON: dict[str, tuple[str, ...]] = {
    "<": ("<=", ">="),
    "<=": ("<", ">"),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
}
_SYMBOLS: dict[str, tuple[str, ...]] = {
    **_ARITHMETIC,
    **_COMPARISON,
    "&&": ("||",),
    "||": ("&&",),
    "!": ("",),
    "++": ("--",),
    "--": ("++",),
}

PYTHON = MutationTable(
    operators={
        **_ARITHMETIC,
        **_COMPARISON,
        "//": ("/",),
        "%": ("//",),
        "**": ("*",),
        "//=": ("*=",),
        "%=": ("*=",),
        "and": ("or",),
        "or": ("and",),
        "not": ("",),
        "in": ("not in",),
        "not in": ("in",),
        "is": ("is not",),
        "is not": ("is",),
    },
    words={"True": "False", "False": "True", "break": "continue", "continue": "break"},
    word_types=("true", "false", "break_statement", "continue_statement"),
    integers=("integer",),
    floats=("float",),
    texts=("string_content",),
    conditions="""
        (if_statement condition: (_) @it)
        (elif_clause condition: (_) @it)
        (while_statement condition: (_) @it)
        (conditional_expression (_) (_) @it (_))
        (if_clause (_) @it)
    """,
    negation="not ({})",
    plain_conditions=("comparison_operator", "not_operator", "true", "false"),
    statements="""
        (expression_statement [(call) (assignment) (augmented_assignment) (await)]) @it
        (break_statement) @it
        (continue_statement) @it
        (raise_statement) @it
        (delete_statement) @it
        (return_statement) @it
    """,
    nothing="pass",
    returned="(return_statement (_) @it)",
    returns=("None",),
    unwrapped="""
        (call function: (identifier) arguments: (argument_list . (_) @inner .)) @it
        (call function: (attribute object: (_) @inner) arguments: (argument_list . "(" . ")" .)) @it
    """,
    dropped="(argument_list (keyword_argument) @it)",
)

_BRACES = MutationTable(
    operators=_SYMBOLS,
    words={
        "true": "false",
        "false": "true",
        "break;": "continue;",
        "continue;": "break;",
    },
    word_types=("true", "false", "break_statement", "continue_statement"),
    conditions="""
        (if_statement condition: (parenthesized_expression (_) @it))
        (while_statement condition: (parenthesized_expression (_) @it))
        (do_statement condition: (parenthesized_expression (_) @it))
        (ternary_expression condition: (_) @it)
    """,
    plain_conditions=("true", "false"),
    statements="""
        (expression_statement) @it
        (break_statement) @it
        (continue_statement) @it
        (throw_statement) @it
    """,
    returned="(return_statement (_) @it)",
)

JAVASCRIPT = replace(
    _BRACES,
    operators={
        **_SYMBOLS,
        "===": ("!==",),
        "!==": ("===",),
        "**": ("*",),
        "??": ("||",),
        "&&=": ("||=",),
        "||=": ("&&=",),
    },
    integers=("number",),
    texts=("string_fragment",),
    returns=("null",),
    unwrapped="""
        (call_expression function: (identifier) arguments: (arguments . (_) @inner .)) @it
        (call_expression function: (member_expression object: (_) @inner) arguments: (arguments . "(" . ")" .)) @it
    """,
)

JAVA = replace(
    _BRACES,
    integers=("decimal_integer_literal",),
    floats=("decimal_floating_point_literal",),
    texts=("string_fragment",),
    returns=("0", "null", "false"),
)

C = replace(
    _BRACES,
    integers=("number_literal",),
    texts=("string_content", "character"),
    conditions="""
        (if_statement condition: (parenthesized_expression (_) @it))
        (while_statement condition: (parenthesized_expression (_) @it))
        (do_statement condition: (parenthesized_expression (_) @it))
        (conditional_expression condition: (_) @it)
    """,
    statements="""
        (expression_statement) @it
        (break_statement) @it
        (continue_statement) @it
        (goto_statement) @it
    """,
    returns=("0",),
)

CPP = replace(
    C,
    conditions="""
        (if_statement condition: (condition_clause value: (_) @it))
        (while_statement condition: (condition_clause value: (_) @it))
        (do_statement condition: (parenthesized_expression (_) @it))
        (conditional_expression condition: (_) @it)
    """,
    statements=f"{C.statements} (throw_statement) @it",
    returns=("{}",),
)

GO = MutationTable(
    operators={**_SYMBOLS, "&^": ("&",), ":=": ()},
    words={"true": "false", "false": "true", "break": "continue", "continue": "break"},
    word_types=("true", "false", "break_statement", "continue_statement"),
    integers=("int_literal",),
    floats=("float_literal",),
    texts=("interpreted_string_literal_content",),
    conditions="(if_statement condition: (_) @it) (for_statement (for_clause condition: (_) @it))",
    plain_conditions=("true", "false", "unary_expression"),
    statements="""
        (expression_statement) @it
        (assignment_statement) @it
        (inc_statement) @it
        (dec_statement) @it
        (break_statement) @it
        (continue_statement) @it
    """,
    nothing="",
    returned="(return_statement (expression_list . (_) @it .))",
    returns=("0", "nil", "false", '""'),
)

RUST = MutationTable(
    operators={**_SYMBOLS, "..": ("..=",), "..=": ("..",)},
    words={"true": "false", "false": "true", "break": "continue", "continue": "break"},
    word_types=("boolean_literal", "break_expression", "continue_expression"),
    integers=("integer_literal",),
    floats=("float_literal",),
    texts=("string_content",),
    conditions="""
        (if_expression condition: (_) @it)
        (while_expression condition: (_) @it)
    """,
    plain_conditions=("boolean_literal", "let_condition", "let_chain", "unary_expression"),
    statements="(expression_statement) @it",
    nothing=";",
    returned="(return_expression (_) @it)",
    returns=("Default::default()",),
)

BASH = MutationTable(
    operators={
        **_SYMBOLS,
        "-eq": ("-ne",),
        "-ne": ("-eq",),
        "-lt": ("-le", "-ge"),
        "-le": ("-lt", "-gt"),
        "-gt": ("-ge", "-le"),
        "-ge": ("-gt", "-lt"),
        "-z": ("-n",),
        "-n": ("-z",),
        "=": ("!=",),
    },
    integers=("number",),
    texts=("string_content",),
    statements="(command) @it (variable_assignment) @it",
    nothing=":",
)

SQL = MutationTable(
    operators={
        "+": ("-",),
        "-": ("+",),
        "*": ("/",),
        "/": ("*",),
        "<": ("<=", ">="),
        "<=": ("<", ">"),
        ">": (">=", "<="),
        ">=": (">", "<"),
        "=": ("<>",),
        "<>": ("=",),
        "!=": ("=",),
        "and": ("or",),
        "or": ("and",),
        "in": ("not in",),
        "like": ("not like",),
    },
    words={"asc": "desc", "desc": "asc", "distinct": "", "left": "", "all": ""},
    word_types=("keyword_asc", "keyword_desc", "keyword_distinct", "keyword_left", "keyword_all"),
    quoted=("literal",),
    statements="(where) @it (having) @it (order_by) @it (limit) @it",
    nothing="",
    unwrapped="(invocation parameter: (term value: (_) @inner)) @it",
)

TABLES = {
    "python": PYTHON,
    "javascript": JAVASCRIPT,
    "typescript": JAVASCRIPT,
    "java": JAVA,
    "c": C,
    "cpp": CPP,
    "go": GO,
    "rust": RUST,
    "bash": BASH,
    "sql": SQL,
}
