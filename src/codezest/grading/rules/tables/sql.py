"""SQL, as PostgreSQL speaks it."""

from codezest.grading.rules.syntax import Syntax, nodes

SQL = Syntax(
    package="tree_sitter_sql",
    constructs={
        "select": nodes("select"),
        "select-all": "(select_expression (term value: (all_fields))) @it",
        "join": nodes("join", "cross_join", "lateral_join", "lateral_cross_join"),
        "subquery": nodes("subquery"),
        "with": nodes("cte"),
        "recursion": nodes("keyword_recursive"),
        "group-by": nodes("group_by"),
        "having": "(having) @it",
        "order-by": nodes("order_by"),
        "limit": nodes("limit"),
        "distinct": nodes("keyword_distinct"),
        "union": nodes("set_operation"),
        "window": nodes("window_function"),
        "conditional": nodes("case"),
        "insert": nodes("insert"),
        "update": nodes("update"),
        "delete": nodes("delete"),
        "create-table": nodes("create_table"),
        "create-view": nodes("create_view"),
        "create-function": nodes("create_function"),
        "drop": nodes("keyword_drop"),
    },
    families={"call": "(invocation (object_reference) @name) @it"},
    names=("identifier",),
    loose_operators=True,
    literals=("literal",),
    operators=("binary_expression", "unary_expression"),
    folds_case=True,
)
