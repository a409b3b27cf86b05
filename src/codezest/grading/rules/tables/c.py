"""C and C++."""

from dataclasses import replace

from codezest.grading.rules.syntax import FunctionShapes, Syntax, nodes

_DECLARED = "(pointer_declarator declarator: {0}) (pointer_declarator declarator: (pointer_declarator declarator: {0}))"


def _function(declarator: str) -> str:
    """Definitions of functions, those that return pointers included."""
    return f"(function_definition declarator: [{declarator} {_DECLARED.format(declarator)}]) @it"


C = Syntax(
    package="tree_sitter_c",
    constructs={
        "loop": nodes("for_statement", "while_statement", "do_statement"),
        "for": nodes("for_statement"),
        "while": nodes("while_statement"),
        "do": nodes("do_statement"),
        "function": nodes("function_definition"),
        "struct": "(struct_specifier body: (_)) @it",
        "union": "(union_specifier body: (_)) @it",
        "enum": "(enum_specifier body: (_)) @it",
        "typedef": nodes("type_definition"),
        "conditional": nodes("if_statement", "switch_statement"),
        "if": nodes("if_statement"),
        "switch": nodes("switch_statement"),
        "ternary": nodes("conditional_expression"),
        "goto": nodes("goto_statement"),
        "global": """
            (translation_unit (declaration declarator:
                [(identifier) (init_declarator) (array_declarator) (pointer_declarator declarator: (identifier))]) @it)
        """,
        "break": nodes("break_statement"),
        "continue": nodes("continue_statement"),
        "return": nodes("return_statement"),
        "cast": nodes("cast_expression"),
        "pointer": nodes("pointer_declarator", "pointer_expression"),
        "array": nodes("array_declarator"),
        "macro": nodes("preproc_def", "preproc_function_def"),
        "asm": nodes("gnu_asm_expression"),
        "eval": '((identifier) @it (#any-of? @it "system" "popen" "execl" "execlp" "execv" "execve" "execvp"))',
    },
    families={
        "import": "(preproc_include path: (_) @name) @it",
        "call": "(call_expression function: [(identifier) (field_expression)] @name) @it",
        "method": "(call_expression function: (field_expression field: (_) @name)) @it",
    },
    names=("identifier", "field_identifier", "type_identifier"),
    literals=("number_literal", "string_literal", "char_literal", "true", "false", "null"),
    operators=(
        "binary_expression",
        "unary_expression",
        "update_expression",
        "assignment_expression",
        "pointer_expression",
        "field_expression",
    ),
    words={
        "loop": ("for", "while", "do"),
        "for": ("for",),
        "while": ("while",),
        "do": ("do",),
        "goto": ("goto",),
        "switch": ("switch",),
        "struct": ("struct",),
    },
    raw="preproc_arg",
    separator="/",
    functions=FunctionShapes(
        definitions=_function("(function_declarator declarator: (identifier) @name)"),
        calls="(call_expression function: (identifier) @name) @it",
    ),
)

_QUALIFIED = "(qualified_identifier scope: (_) @owner name: (identifier) @name)"

CPP = replace(
    C,
    package="tree_sitter_cpp",
    constructs={
        **{name: query for name, query in C.constructs.items() if name != "global"},
        "loop": nodes("for_statement", "for_range_loop", "while_statement", "do_statement"),
        "for": nodes("for_statement", "for_range_loop"),
        "global": C.constructs["global"].replace(
            "(pointer_declarator declarator: (identifier))",
            "(pointer_declarator declarator: (identifier)) (reference_declarator (identifier))",
        ),
        "class": "(class_specifier body: (_)) @it",
        "inheritance": nodes("base_class_clause"),
        "lambda": nodes("lambda_expression"),
        "template": nodes("template_declaration"),
        "try": nodes("try_statement"),
        "throw": nodes("throw_statement"),
        "new": nodes("new_expression"),
        "delete": nodes("delete_expression"),
        "reference": nodes("reference_declarator"),
        "using-namespace": '(using_declaration "namespace") @it',
    },
    families={
        **C.families,
        "call": """
            (call_expression function: [(identifier) (field_expression) (qualified_identifier)] @name) @it
            (call_expression function: (template_function name: (identifier) @name)) @it
            (call_expression function: (qualified_identifier name: (identifier) @name)) @it
        """,
    },
    names=(*C.names, "namespace_identifier"),
    literals=(*C.literals, "raw_string_literal"),
    words={**C.words, "class": ("class",), "try": ("try",)},
    functions=FunctionShapes(
        definitions=" ".join(
            _function(f"(function_declarator declarator: {name} parameters: (_) @parameters)")
            for name in ("(identifier) @name", "(field_identifier) @name", _QUALIFIED)
        )
        + """
            (function_definition declarator: (reference_declarator
                (function_declarator declarator: (identifier) @name parameters: (_) @parameters))) @it
            (init_declarator declarator: (identifier) @name value: (lambda_expression) @it)
        """,
        calls="""
            (call_expression function: (identifier) @name arguments: (_) @arguments) @it
            (call_expression function: (template_function name: (identifier) @name) arguments: (_) @arguments) @it
            (call_expression function: (field_expression argument: (_) @receiver field: (field_identifier) @name)
                arguments: (_) @arguments) @it
            (call_expression function: (qualified_identifier scope: (_) @receiver name: (identifier) @name)
                arguments: (_) @arguments) @it
        """,
        owners="""
            (class_specifier name: (_) @name body: (_)) @it
            (struct_specifier name: (_) @name body: (_)) @it
        """,
        selves=frozenset({"this", "(*this)"}),
        implicit=True,
        overloads=True,
        open_ended=frozenset(
            {"optional_parameter_declaration", "variadic_parameter_declaration", "variadic_parameter", "..."}
        ),
    ),
)
