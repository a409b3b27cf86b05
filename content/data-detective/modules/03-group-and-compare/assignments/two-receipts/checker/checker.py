"""Accepts any pair of receipts that makes the missing amount: exit status 42 accepts, 43 refuses."""

import sys
from pathlib import Path
from typing import NoReturn

ACCEPT, REFUSE = 42, 43


def decide(status: int, message: str) -> NoReturn:
    print(message)
    sys.exit(status)


missing, *receipts = map(int, Path("input.txt").read_text().split())
printed = Path("output.txt").read_text().split()
solvable = Path("expected.txt").read_text().strip() != "none"

if printed == ["none"]:
    if solvable:
        decide(REFUSE, "There is a pair that fits.")
    decide(ACCEPT, "Right, there is none.")
if len(printed) != 2 or not all(word.isascii() and word.isdecimal() and len(word) < 9 for word in printed):
    decide(REFUSE, "Print two numbers of receipts, or the word none.")
first, second = map(int, printed)
if not (1 <= first <= len(receipts) and 1 <= second <= len(receipts)):
    decide(REFUSE, f"There are only the receipts 1 to {len(receipts)}.")
if first == second:
    decide(REFUSE, "These have to be two different receipts.")
total = receipts[first - 1] + receipts[second - 1]
if total != missing:
    decide(REFUSE, f"Together these make {total} cents, but {missing} are missing.")
decide(ACCEPT, "They explain it.")
