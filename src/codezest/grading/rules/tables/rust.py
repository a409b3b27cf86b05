"""Rust."""

from codezest.grading.rules.syntax import FunctionShapes, Syntax, nodes

RUST = Syntax(
    package="tree_sitter_rust",
    constructs={
        "loop": nodes("for_expression", "while_expression", "loop_expression"),
        "for": nodes("for_expression"),
        "while": nodes("while_expression"),
        "function": nodes("function_item"),
        "lambda": nodes("closure_expression"),
        "struct": nodes("struct_item"),
        "enum": nodes("enum_item"),
        "trait": nodes("trait_item"),
        "conditional": nodes("if_expression", "match_expression"),
        "if": nodes("if_expression"),
        "switch": nodes("match_expression"),
        "try": nodes("try_expression"),
        "global": nodes("static_item"),
        "mutable": nodes("mutable_specifier"),
        "unsafe": '"unsafe" @it',
        "break": nodes("break_expression"),
        "continue": nodes("continue_expression"),
        "return": nodes("return_expression"),
        "macro": nodes("macro_definition"),
        "reference": nodes("reference_expression", "reference_type"),
    },
    families={
        # A path may be written out instead of being brought into scope.
        "import": """
            (use_declaration argument: [(identifier) (scoped_identifier)] @name) @it
            (use_as_clause path: (_) @name) @it
            (use_wildcard (_) @name) @it
            (scoped_use_list path: (_) @name) @it
            (scoped_use_list path: (_) @scope list: (use_list [(identifier) (scoped_identifier)] @name)) @it
            (extern_crate_declaration name: (_) @name) @it
            (scoped_identifier) @it @name
            (scoped_type_identifier) @it @name
        """,
        "call": """
            (call_expression function: [(identifier) (scoped_identifier) (field_expression)] @name) @it
            (call_expression function: (generic_function function: (_) @name)) @it
            (macro_invocation macro: (_) @name) @it
            (token_tree (identifier) @it @name . (token_tree "("))
        """,
        "method": """
            (call_expression function: (field_expression field: (_) @name)) @it
            (call_expression function: (generic_function function: (field_expression field: (_) @name))) @it
            (token_tree "." . (identifier) @it @name . (token_tree "("))
        """,
    },
    names=("identifier", "field_identifier", "type_identifier"),
    literals=(
        "integer_literal",
        "float_literal",
        "string_literal",
        "raw_string_literal",
        "char_literal",
        "boolean_literal",
    ),
    operators=(
        "binary_expression",
        "unary_expression",
        "compound_assignment_expr",
        "try_expression",
        "range_expression",
        "token_tree",
    ),
    words={
        "loop": ("for", "while", "loop"),
        "for": ("for",),
        "while": ("while",),
        "conditional": ("if", "match"),
        "if": ("if",),
        "switch": ("match",),
        "unsafe": ("unsafe",),
    },
    unparsed=("ERROR", "token_tree"),
    separator="::",
    functions=FunctionShapes(
        definitions="(function_item name: (identifier) @name) @it",
        calls="""
            (call_expression function: (identifier) @name) @it
            (call_expression function: (generic_function function: (identifier) @name)) @it
            (call_expression function: (field_expression value: (_) @receiver field: (_) @name)) @it
            (call_expression function: (scoped_identifier path: (_) @receiver name: (identifier) @name)) @it
            (token_tree (identifier) @it @name . (token_tree "("))
        """,
        owners="(impl_item type: (_) @name) @it (trait_item name: (_) @name) @it",
        selves=frozenset({"self", "Self"}),
    ),
)
