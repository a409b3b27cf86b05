"""Python."""

from codezest.grading.rules.syntax import FunctionShapes, Syntax, nodes

PYTHON = Syntax(
    package="tree_sitter_python",
    constructs={
        "loop": nodes("for_statement", "while_statement"),
        "for": nodes("for_statement"),
        "while": nodes("while_statement"),
        "comprehension": nodes(
            "list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"
        ),
        "function": nodes("function_definition"),
        "lambda": nodes("lambda"),
        "class": nodes("class_definition"),
        "conditional": nodes("if_statement", "elif_clause", "match_statement"),
        "if": nodes("if_statement", "elif_clause"),
        "switch": nodes("match_statement"),
        "ternary": nodes("conditional_expression"),
        "try": nodes("try_statement"),
        "throw": nodes("raise_statement"),
        "global": nodes("global_statement", "nonlocal_statement"),
        "break": nodes("break_statement"),
        "continue": nodes("continue_statement"),
        "return": nodes("return_statement"),
        "yield": nodes("yield"),
        "with": nodes("with_statement"),
        "assert": nodes("assert_statement"),
        "decorator": nodes("decorator"),
        "slice": nodes("slice"),
        "f-string": "(string (interpolation)) @it",
        "async": nodes("await") + ' (function_definition "async") @it',
        "eval": '((identifier) @it (#any-of? @it "eval" "exec" "compile" "__import__"))',
    },
    families={
        "import": """
            (import_statement name: [(dotted_name) @name (aliased_import name: (dotted_name) @name)]) @it
            (import_from_statement module_name: (_) @name) @it
            (import_from_statement module_name: (_) @scope
                name: [(dotted_name) @name (aliased_import name: (dotted_name) @name)]) @it
            (future_import_statement "__future__" @name) @it
            ((call function: [(identifier) @loader (attribute attribute: (identifier) @loader)]
                arguments: (argument_list . (string) @name)) @it
                (#any-of? @loader "__import__" "import_module"))
        """,
        "call": "(call function: [(identifier) (attribute)] @name) @it",
        "method": "(call function: (attribute attribute: (identifier) @name)) @it",
    },
    names=("identifier",),
    literals=("integer", "float", "string", "true", "false", "none"),
    operators=(
        "binary_operator",
        "unary_operator",
        "not_operator",
        "boolean_operator",
        "comparison_operator",
        "augmented_assignment",
        "named_expression",
    ),
    words={
        "loop": ("for", "while"),
        "for": ("for",),
        "while": ("while",),
        "class": ("class",),
        "function": ("def",),
        "lambda": ("lambda",),
        "try": ("try",),
        "global": ("global", "nonlocal"),
    },
    functions=FunctionShapes(
        definitions="""
            (function_definition name: (identifier) @name) @it
            (assignment left: (identifier) @name right: (lambda) @it)
        """,
        calls="""
            (call function: (identifier) @name) @it
            (call function: (attribute object: (_) @receiver attribute: (identifier) @name)) @it
        """,
        owners="(class_definition name: (identifier) @name) @it",
        selves=frozenset({"self", "cls"}),
    ),
    suffixes=frozenset({".py", ".pyw"}),
)
