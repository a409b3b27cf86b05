"""JavaScript and TypeScript."""

from dataclasses import replace

from codezest.grading.rules.syntax import FunctionShapes, Syntax, nodes

_FUNCTIONS = (
    "function_declaration",
    "generator_function_declaration",
    "function_expression",
    "generator_function",
    "method_definition",
)

JAVASCRIPT = Syntax(
    package="tree_sitter_javascript",
    constructs={
        "loop": nodes("for_statement", "for_in_statement", "while_statement", "do_statement"),
        "for": nodes("for_statement", "for_in_statement"),
        "while": nodes("while_statement"),
        "do": nodes("do_statement"),
        "function": nodes(*_FUNCTIONS),
        "lambda": nodes("arrow_function"),
        "class": nodes("class_declaration", "class"),
        "conditional": nodes("if_statement", "switch_statement"),
        "if": nodes("if_statement"),
        "switch": nodes("switch_statement"),
        "ternary": nodes("ternary_expression"),
        "try": nodes("try_statement"),
        "throw": nodes("throw_statement"),
        "global": '((identifier) @it (#any-of? @it "globalThis" "global" "window"))',
        "var": nodes("variable_declaration"),
        "break": nodes("break_statement"),
        "continue": nodes("continue_statement"),
        "return": nodes("return_statement"),
        "yield": nodes("yield_expression"),
        "async": nodes("await_expression") + ' "async" @it',
        "regex": nodes("regex"),
        "template": nodes("template_string"),
        "eval": '((identifier) @it (#any-of? @it "eval" "Function"))',
    },
    families={
        "import": """
            (import_statement source: (string) @name) @it
            (export_statement source: (string) @name) @it
            ((call_expression function: [(identifier) (import)] @loader
                arguments: (arguments . [(string) (template_string)] @name)) @it
                (#any-of? @loader "require" "import"))
            ((call_expression function: (member_expression property: (property_identifier) @loader)
                arguments: (arguments . (string) @name)) @it
                (#any-of? @loader "require" "getBuiltinModule"))
        """,
        "call": """
            (call_expression function: [(identifier) (member_expression)] @name) @it
            (new_expression constructor: [(identifier) (member_expression)] @name) @it
        """,
        "method": "(call_expression function: (member_expression property: (property_identifier) @name)) @it",
    },
    names=("identifier", "property_identifier", "shorthand_property_identifier", "private_property_identifier"),
    literals=("number", "string", "template_string", "regex", "true", "false", "null", "undefined"),
    operators=(
        "binary_expression",
        "unary_expression",
        "update_expression",
        "augmented_assignment_expression",
    ),
    words={
        "loop": ("for", "while", "do"),
        "for": ("for",),
        "while": ("while",),
        "do": ("do",),
        "class": ("class",),
        "function": ("function",),
        "try": ("try",),
        "switch": ("switch",),
    },
    separator="/",
    functions=FunctionShapes(
        definitions="""
            (function_declaration name: (identifier) @name) @it
            (generator_function_declaration name: (identifier) @name) @it
            (function_expression name: (identifier) @name) @it
            (method_definition name: (_) @name) @it
            (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)] @it)
            (assignment_expression left: (identifier) @name right: [(arrow_function) (function_expression)] @it)
            (pair key: (property_identifier) @name value: [(arrow_function) (function_expression)] @it)
        """,
        calls="""
            (call_expression function: (identifier) @name) @it
            (call_expression function: (member_expression object: (_) @receiver property: (_) @name)) @it
        """,
        owners="(class_declaration name: (_) @name) @it (class name: (_) @name) @it",
        selves=frozenset({"this"}),
    ),
    suffixes=frozenset({".js", ".mjs", ".cjs", ".jsx"}),
)

TYPESCRIPT = replace(
    JAVASCRIPT,
    package="tree_sitter_typescript",
    entry="language_typescript",
    constructs={
        **JAVASCRIPT.constructs,
        "class": nodes("class_declaration", "class", "abstract_class_declaration"),
        "interface": nodes("interface_declaration"),
        "enum": nodes("enum_declaration"),
        "any": '((predefined_type) @it (#eq? @it "any"))',
        "cast": nodes("as_expression", "type_assertion", "non_null_expression"),
        "suppression": '((comment) @it (#match? @it "@ts-(ignore|nocheck|expect-error)"))',
    },
    families={
        **JAVASCRIPT.families,
        "import": JAVASCRIPT.families["import"]
        + "(import_statement (import_require_clause source: (string) @name)) @it",
    },
    names=(*JAVASCRIPT.names, "type_identifier"),
    suffixes=frozenset({".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"}),
)
