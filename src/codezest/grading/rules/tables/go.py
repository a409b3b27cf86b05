"""Go."""

from codezest.grading.rules.syntax import FunctionShapes, Syntax, nodes

GO = Syntax(
    package="tree_sitter_go",
    constructs={
        "loop": nodes("for_statement"),
        "for": nodes("for_statement"),
        "function": nodes("function_declaration", "method_declaration"),
        "lambda": nodes("func_literal"),
        "struct": nodes("struct_type"),
        "interface": nodes("interface_type"),
        "conditional": nodes("if_statement", "expression_switch_statement", "type_switch_statement"),
        "if": nodes("if_statement"),
        "switch": nodes("expression_switch_statement", "type_switch_statement"),
        "goto": nodes("goto_statement"),
        "global": "(source_file (var_declaration) @it)",
        "break": nodes("break_statement"),
        "continue": nodes("continue_statement"),
        "return": nodes("return_statement"),
        "defer": nodes("defer_statement"),
        "goroutine": nodes("go_statement"),
        "channel": nodes("channel_type", "send_statement", "select_statement"),
        "pointer": nodes("pointer_type"),
        "slice": nodes("slice_expression", "slice_type"),
        "map": nodes("map_type"),
    },
    families={
        "import": "(import_spec path: (_) @name) @it",
        "call": "(call_expression function: [(identifier) (selector_expression)] @name) @it",
        "method": "(call_expression function: (selector_expression field: (_) @name)) @it",
    },
    names=("identifier", "field_identifier", "type_identifier", "package_identifier"),
    literals=(
        "int_literal",
        "float_literal",
        "rune_literal",
        "interpreted_string_literal",
        "raw_string_literal",
        "true",
        "false",
        "nil",
    ),
    operators=("binary_expression", "unary_expression", "inc_statement", "dec_statement", "assignment_statement"),
    words={"loop": ("for",), "for": ("for",), "goto": ("goto",), "switch": ("switch",), "goroutine": ("go",)},
    separator="/",
    functions=FunctionShapes(
        definitions="""
            (function_declaration name: (identifier) @name) @it
            (method_declaration
                receiver: (parameter_list (parameter_declaration name: (identifier) @receiver type: (_) @owner))
                name: (_) @name) @it
            (assignment_statement left: (expression_list . (identifier) @name .)
                right: (expression_list . (func_literal) @it .))
        """,
        calls="""
            (call_expression function: (identifier) @name) @it
            (call_expression function: (selector_expression operand: (_) @receiver field: (_) @name)) @it
        """,
    ),
    suffixes=frozenset({".go"}),
)
