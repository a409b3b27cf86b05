"""Java."""

from codezest.grading.rules.syntax import FunctionShapes, Syntax, nodes

_NUMBERS = (
    "decimal_integer_literal",
    "hex_integer_literal",
    "octal_integer_literal",
    "binary_integer_literal",
    "decimal_floating_point_literal",
)

JAVA = Syntax(
    package="tree_sitter_java",
    constructs={
        "loop": nodes("for_statement", "enhanced_for_statement", "while_statement", "do_statement"),
        "for": nodes("for_statement", "enhanced_for_statement"),
        "while": nodes("while_statement"),
        "do": nodes("do_statement"),
        "function": nodes("method_declaration"),
        "constructor": nodes("constructor_declaration", "compact_constructor_declaration"),
        "lambda": nodes("lambda_expression", "method_reference"),
        "class": nodes("class_declaration", "record_declaration"),
        "interface": nodes("interface_declaration"),
        "enum": nodes("enum_declaration"),
        "record": nodes("record_declaration"),
        "inheritance": nodes("superclass", "super_interfaces"),
        "conditional": nodes("if_statement", "switch_expression"),
        "if": nodes("if_statement"),
        "switch": nodes("switch_expression"),
        "ternary": nodes("ternary_expression"),
        "try": nodes("try_statement", "try_with_resources_statement"),
        "throw": nodes("throw_statement"),
        "global": '(field_declaration (modifiers "static")) @it',
        "break": nodes("break_statement"),
        "continue": nodes("continue_statement"),
        "return": nodes("return_statement"),
        "assert": nodes("assert_statement"),
        "cast": nodes("cast_expression"),
        "array": nodes("array_type", "array_creation_expression"),
        "eval": '((identifier) @it (#any-of? @it "ScriptEngineManager" "Runtime" "ProcessBuilder" "forName"))',
    },
    families={
        # A name may be written out instead of imported.
        "import": """
            (import_declaration [(identifier) (scoped_identifier)] @name) @it
            (scoped_type_identifier) @it @name
            (field_access) @it @name
        """,
        "call": """
            (method_invocation !object name: (identifier) @name) @it
            (method_invocation object: (_) @scope name: (identifier) @name) @it
            (object_creation_expression type: (_) @name) @it
        """,
        "method": "(method_invocation name: (identifier) @name) @it (method_reference (identifier) @name .) @it",
    },
    names=("identifier", "type_identifier"),
    literals=(*_NUMBERS, "string_literal", "character_literal", "true", "false", "null_literal"),
    operators=("binary_expression", "unary_expression", "update_expression", "assignment_expression"),
    words={
        "loop": ("for", "while", "do"),
        "for": ("for",),
        "while": ("while",),
        "do": ("do",),
        "class": ("class",),
        "try": ("try",),
        "switch": ("switch",),
    },
    functions=FunctionShapes(
        definitions="(method_declaration name: (identifier) @name parameters: (_) @parameters) @it",
        calls="""
            (method_invocation !object name: (identifier) @name arguments: (_) @arguments) @it
            (method_invocation object: (_) @receiver name: (identifier) @name arguments: (_) @arguments) @it
        """,
        owners="""
            [(class_declaration name: (_) @name) (record_declaration name: (_) @name) (enum_declaration name: (_) @name)
             (interface_declaration name: (_) @name)] @it
        """,
        selves=frozenset({"this"}),
        implicit=True,
        overloads=True,
        open_ended=frozenset({"spread_parameter"}),
    ),
    suffixes=frozenset({".java"}),
)
