"""The files that a new piece of content begins with: complete enough to load, plain enough to be replaced.

Placeholders are those of ``string.Template``.
"""

LANGUAGE = """\
uuid = "$uuid"
slug = "$slug"
name = "$title"
description = "What this language is good for, in a sentence or two."
difficulty = "BEGINNER"
runtime = "$slug"
modules = [
]

# The language's path: the course that learners enroll in.
[path]
title = "Learn $title"
description = "What learners will be able to do at the end."
tags = ["$slug"]
spoken_language = "en"
"""

COURSE = """\
uuid = "$uuid"
slug = "$slug"
title = "$title"
subtitle = "What it is about, in a line."
description = "What learners will be able to do at the end. Markdown."
level = "BEGINNER"
category = "Programming"
tags = []
spoken_language = "en"
# The programming language that it teaches; leave it out if there is none.
language = "python"
modules = [
]
"""

MODULE = """\
uuid = "$uuid"
slug = "$slug"
title = "$title"
description = "What this module is about, in one sentence."
syllabus = [
    "What learners will be able to do, one line each",
]
prerequisites = []
estimated_minutes = 30
items = [
]
"""

MATERIAL = """\
---
uuid: $uuid
slug: $slug
title: $title
type: $type
description: What this lesson is about, in one sentence.
duration_minutes: 10
---

Begin with the question that this lesson answers.

## The idea

Explain it with the smallest example that shows it.

## Check yourself

1. Ask something that only those who understood can answer.
"""

VIDEO = MATERIAL.replace(
    "duration_minutes: 10\n",
    "duration_minutes: 10\nvideo: $slug.webm\ncaptions: $slug.vtt\n",
)

PROGRAM = """\
name = input()
print(f"Hello, {name}")
"""
PROGRAM_INPUT = "Ada\n"
PROGRAM_OUTPUT = "Hello, Ada\n"

QUIZ = """\
uuid = "$uuid"
slug = "$slug"
title = "$title"
description = "What this quiz asks about."
passing_score = 70

# A key is the question's identity: keep it when you change the wording, and learners' answers keep their question.
[[question]]
key = "first-question"
type = "SINGLE_CHOICE"
topic = "The topic that a wrong answer should send learners back to"
difficulty = "BEGINNER"
points = 1
text = "What do you want to know?"
options = [
    { key = "right", text = "The right answer", is_correct = true },
    { key = "tempting", text = "What those answer who made the typical mistake" },
]
explanation = "Why the right answer is right, and why the tempting one is wrong."
"""

ASSIGNMENT = """\
uuid = "$uuid"
slug = "$slug"
title = "$title"
description = "What learners write, in one sentence."
difficulty = "BEGINNER"
language = "$runtime"
max_score = 100
checker = "EXACT"
hints = [
    "A nudge: which part of the task comes first?",
    "Nearly the solution: `print(number * 2)`, once `number` is a number.",
]

[limits]
cpu_seconds = 2.0
memory_mb = 128

[[wrong]]
file = "joins-text.py"
verdict = "WA"
why = "The input is never converted, so the text is repeated instead of doubled."
fails = "all"

[[wrong]]
file = "adds-two.py"
verdict = "WA"
why = "It adds two instead of doubling, which is the same for the number 2 only."
fails = ["the-example", "negative"]
"""

INSTRUCTIONS = """\
Say what the program is for.

## What to do

Your program reads **one whole number** and prints its double.

## Example

For the input

```text
21
```

your program prints

```text
42
```
"""

TESTS = """\
# Each test is one run: what the program reads, and what it must print.
# Hidden tests (visible = false) show learners `kind_of_case` only.

[[test]]
key = "the-example"
name = "The example from the task"
points = 1
visible = true
stdin = "21\\n"
expected = "42\\n"

[[test]]
key = "two"
name = "The number two"
points = 1
visible = false
kind_of_case = "A small number."
stdin = "2\\n"
expected = "4\\n"

[[test]]
key = "negative"
name = "A negative number"
points = 1
visible = false
kind_of_case = "A number below zero."
stdin = "-4\\n"
expected = "-8\\n"
"""

START = "# Read a whole number and print its double.\n"
SOLUTION = "number = int(input())\nprint(number * 2)\n"
WRONG = {
    "joins-text.py": "number = input()\nprint(number * 2)\n",
    "adds-two.py": "number = int(input())\nprint(number + 2)\n",
}
