"""Bash."""

from codezest.grading.rules.syntax import FunctionShapes, Syntax, nodes

_FOUND_COMMAND = "((command name: (command_name (word) @word)) @it (#any-of? @word {}))"

BASH = Syntax(
    package="tree_sitter_bash",
    constructs={
        "loop": nodes("for_statement", "c_style_for_statement", "while_statement"),
        "for": nodes("for_statement", "c_style_for_statement"),
        "while": nodes("while_statement"),
        "function": nodes("function_definition"),
        "conditional": nodes("if_statement", "case_statement"),
        "if": nodes("if_statement"),
        "switch": nodes("case_statement"),
        "pipe": nodes("pipeline"),
        "subshell": nodes("subshell"),
        "substitution": nodes("command_substitution", "process_substitution"),
        "redirection": nodes("file_redirect"),
        "here-document": nodes("heredoc_redirect", "herestring_redirect"),
        "array": nodes("array", "subscript"),
        "break": _FOUND_COMMAND.format('"break"'),
        "continue": _FOUND_COMMAND.format('"continue"'),
        "eval": _FOUND_COMMAND.format('"eval" "bash" "sh"'),
    },
    families={
        "import": '((command name: (command_name (word) @word) . argument: (_) @name) @it (#any-of? @word "source" "."))',
        "call": "(command name: (command_name (_) @name)) @it",
    },
    names=("variable_name", "word"),
    loose_operators=True,
    literals=("number", "string", "raw_string"),
    operators=(
        "binary_expression",
        "unary_expression",
        "postfix_expression",
        "list",
        "pipeline",
        "redirected_statement",
    ),
    words={
        "loop": ("for", "while", "until", "select"),
        "for": ("for", "select"),
        "while": ("while", "until"),
        "conditional": ("if", "case"),
        "if": ("if",),
        "switch": ("case",),
    },
    separator="/",
    functions=FunctionShapes(
        definitions="(function_definition name: (word) @name) @it",
        calls="(command name: (command_name (word) @name)) @it",
    ),
)
