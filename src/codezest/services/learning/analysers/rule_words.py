"""What each rule says to a learner: what it is called, why it matters, and what to do. Translated when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass


def N_(message: str) -> str:  # noqa: N802 - the name by which messages are found for the catalogues
    """Mark a message; it is translated later."""
    return message


@dataclass(frozen=True, slots=True)
class Words:
    label: str
    why: str
    advice: str


READABILITY: Mapping[str, Words] = {
    "collapsible-condition": Words(
        N_("A condition directly inside another"),
        N_("Each level makes the reader remember one more thing."),
        N_("Join nested conditions into one, or turn the inner one into an “else if”."),
    ),
    "commented-out-code": Words(
        N_("Code that is commented out"),
        N_("Readers wonder whether it is still needed, and it is never tested."),
        N_("Delete code that is switched off; your earlier attempts are kept anyway."),
    ),
    "complex-function": Words(
        N_("A function with many ways through it"),
        N_("The more branches and loops one function has, the harder it is to be sure that all of them are right."),
        N_("Give a part of the function a name of its own: move it into a smaller function."),
    ),
    "deep-nesting": Words(
        N_("Code nested four levels deep or more"),
        N_("At this depth it is hard to see under which conditions a line runs."),
        N_("Leave early with “return” or “continue”, or move the inner part into a function."),
    ),
    "duplicated-branch": Words(
        N_("Branches that do the same"),
        N_("If both ways do the same, the condition decides nothing, or one of them is a mistake."),
        N_("Join branches that do the same, or check whether one should do something else."),
    ),
    "long-function": Words(
        N_("A function of more than 40 lines"),
        N_("A function that fits on the screen can be understood at one glance."),
        N_("Split long functions into steps, each with a name that says what it does."),
    ),
    "long-line": Words(
        N_("A line of more than 120 characters"),
        N_("Long lines must be scrolled, and their ends are overlooked."),
        N_("Break long lines, or give a part of the expression a name."),
    ),
    "long-script": Words(
        N_("A long program without a function"),
        N_("Functions let you name, reuse and test the parts of a program."),
        N_("Look for steps in your program and turn each into a function."),
    ),
    "magic-number": Words(
        N_("A number that nothing explains"),
        N_("A reader cannot tell where a bare number comes from, or whether two equal ones belong together."),
        N_("Give special numbers a name, such as MAX_SPEED, and compare with that."),
    ),
    "many-parameters": Words(
        N_("A function with more than five parameters"),
        N_("Long lists of arguments are easily given in the wrong order."),
        N_("Group values that belong together, or let the function do less."),
    ),
    "missing-braces": Words(
        N_("A body without braces"),
        N_("A second line added later would not belong to it, although it looks as if it did."),
        N_("Put braces around the body of every condition and loop."),
    ),
    "mixed-indentation": Words(
        N_("Tabs and spaces mixed"),
        N_("Such lines look different in every editor."),
        N_("Use spaces everywhere; your editor can convert the file."),
    ),
    "naming-style": Words(
        N_("A name that is not written as the language does it"),
        N_("Readers see from the style whether a name is a class, a function or a constant."),
        N_("Write names the way the language does: snake_case in Python, camelCase in JavaScript and Java."),
    ),
    "needless-boolean": Words(
        N_("A condition that is more complicated than its answer"),
        N_("A comparison is already true or false."),
        N_("Use the condition itself instead of comparing it with true or choosing between true and false."),
    ),
    "needless-else": Words(
        N_("An “else” after the function has been left"),
        N_("What follows runs only otherwise anyway, and needs no further level."),
        N_("Leave out “else” after “return”, “break” or “continue”."),
    ),
    "several-statements": Words(
        N_("Several statements on one line"),
        N_("Errors and tests name lines; with one statement each you know at once which one is meant."),
        N_("Write one statement a line."),
    ),
    "unclear-name": Words(
        N_("A name that is easily misread"),
        N_("l, O and I look like the digits 1 and 0."),
        N_("Choose a name that says what the value is."),
    ),
}
EFFICIENCY: Mapping[str, Words] = {
    "index-loop": Words(
        N_("A loop over indexes"),
        N_("Going over the values themselves is shorter, and no index can be off by one."),
        N_("Loop over the values; where you need the index too, use enumerate."),
    ),
    "manual-list": Words(
        N_("A collection built step by step"),
        N_("A comprehension says what the result is in one line, and runs faster."),
        N_("Build the collection with a comprehension."),
    ),
    "needless-collection": Words(
        N_("A collection that is made for nothing"),
        N_("Every copy takes time and memory."),
        N_("Leave out the extra list, set or call: use the values directly."),
    ),
    "nested-loops": Words(
        N_("Three loops inside one another"),
        N_("With ten times the input this takes a thousand times as long."),
        N_("Look for something you can count or look up once, in a dictionary or a set, before the loop."),
    ),
    "reinvented-builtin": Words(
        N_("Something that the language already has"),
        N_("What is built in is tested, fast and known to every reader."),
        N_("Use what is built in, such as any, all, min, max or enumerate."),
    ),
    "repeated-lookup": Words(
        N_("A value that is looked up again and again"),
        N_("The loop or one call can give you the value along with its key."),
        N_("Take key and value together, with items, or use get with a default."),
    ),
    "sorting-in-loop": Words(
        N_("Sorting inside a loop"),
        N_("Sorting is one of the dearest things to repeat."),
        N_("Sort once, before or after the loop."),
    ),
    "string-building": Words(
        N_("A text that grows inside a loop"),
        N_("Each step may copy the whole text so far."),
        N_("Collect the parts in a list and join them once at the end."),
    ),
    "too-much-memory": Words(
        N_("Too much memory for at least one test"),
        N_("The tests are chosen so that a good way fits."),
        N_("Keep only what you still need: go through the input once instead of storing all of it."),
    ),
    "too-slow": Words(
        N_("Too slow for at least one test"),
        N_("The tests are chosen so that a good way is fast enough."),
        N_("Find the part that runs most often and ask whether it must look at everything each time."),
    ),
}
