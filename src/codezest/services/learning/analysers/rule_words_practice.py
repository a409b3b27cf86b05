"""As `rule_words`, of the rules of good practice and of what cannot be read."""

from collections.abc import Mapping

from codezest.services.learning.analysers.rule_words import EFFICIENCY, N_, READABILITY, Words

BEST_PRACTICES: Mapping[str, Words] = {
    "broad-catch": Words(
        N_("Every kind of error is caught"),
        N_("Mistakes of your own, such as a misspelt name, are hidden as well."),
        N_("Name the errors that you expect."),
    ),
    "dynamic-code": Words(
        N_("Text is run as a program"),
        N_("Whoever chooses the text can make your program do anything."),
        N_("Convert the text instead, for example with int or a JSON parser."),
    ),
    "empty-catch": Words(
        N_("An error is caught and nothing is done about it"),
        N_("The program goes on as if all were well, and nobody learns what went wrong."),
        N_("Say what should happen after the error, or do not catch it."),
    ),
    "file-left-open": Words(
        N_("A file is opened and not closed for sure"),
        N_("What was written may be lost when the program ends early."),
        N_("Open files with “with”."),
    ),
    "global-state": Words(
        N_("A function changes a global variable"),
        N_("Calling it twice may give two different answers, and one test disturbs the next."),
        N_("Pass values in as parameters and give results back with “return”."),
    ),
    "loop-variable-overwritten": Words(
        N_("The variable of a loop is overwritten within it"),
        N_("The next round sets it again, which readers do not expect."),
        N_("Use another name for the new value."),
    ),
    "loose-equality": Words(
        N_("Comparing with == or !="),
        N_('JavaScript converts the values first, so that 0 == "" is true.'),
        N_("Compare with === and !==."),
    ),
    "mutable-default": Words(
        N_("A list or dictionary as default of a parameter"),
        N_("It is made once and shared by all calls."),
        N_("Use None as the default and make the list inside the function."),
    ),
    "named-lambda": Words(
        N_("A lambda that gets a name"),
        N_("A function has its name in error messages and room for a description."),
        N_("Write it with def."),
    ),
    "no-effect": Words(
        N_("A line that does nothing"),
        N_("Its value is thrown away; often a “return”, an “=” or a pair of parentheses is missing."),
        N_("Use the value, or delete the line."),
    ),
    "none-comparison": Words(
        N_("Comparing with None by =="),
        N_("A class can define == to mean anything; there is only one None."),
        N_("Write “is None” or “is not None”."),
    ),
    "shadowed-builtin": Words(
        N_("A name that hides something built in"),
        N_("After that, the built-in function of this name can no longer be used."),
        N_("Choose another name, such as numbers instead of list."),
    ),
    "star-import": Words(
        N_("Everything of a module is imported"),
        N_("Nobody can tell where a name comes from, and one may replace another."),
        N_("Import the names that you use."),
    ),
    "string-identity": Words(
        N_("Texts or numbers compared by identity"),
        N_("Two equal texts need not be the same object, so this is true by chance."),
        N_("Compare values: with == in Python, with equals in Java."),
    ),
    "type-comparison": Words(
        N_("Types compared by =="),
        N_("Subclasses are left out."),
        N_("Use isinstance."),
    ),
    "undefined-name": Words(
        N_("A name that is defined nowhere"),
        N_("The program ends with an error when it gets to this line."),
        N_("Check the spelling, or give the name a value first."),
    ),
    "unused-import": Words(
        N_("An import that is not used"),
        N_("It makes readers look for its use."),
        N_("Delete imports that nothing needs."),
    ),
    "unused-variable": Words(
        N_("A variable that is not used"),
        N_("Either it is not needed, or another one was used by mistake."),
        N_("Delete it, or use it where you meant to; call it _ in a loop that only counts."),
    ),
    "var-declaration": Words(
        N_("A variable declared with var"),
        N_("It lives in the whole function, also outside the block in which it stands."),
        N_("Use const, and let where the value changes."),
    ),
}
UNREADABLE: Mapping[str, Words] = {
    "syntax-error": Words(
        N_("The program cannot be read here"),
        N_("A sign is missing or out of place, here or shortly before."),
        N_("Mend the first such line; brackets, quotes and colons are where most of them come from."),
    ),
}
WORDS: Mapping[str, Words] = {**READABILITY, **EFFICIENCY, **BEST_PRACTICES, **UNREADABLE}
"""By the key of the rule."""
