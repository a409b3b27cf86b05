"""Prints a missing amount and so many receipts: year.py COUNT yes|no [--expected] SEED, the word telling whether a pair fits."""

import random
import sys

count, solvable, seed = int(sys.argv[1]), sys.argv[2] == "yes", int(sys.argv[-1])
source = random.Random(seed)
# Even receipts never make an odd amount, unless one of them is odd.
receipts = [2 * source.randrange(1, 10**8) for _ in range(count)]
missing = 10**9 + 1
if solvable:
    receipts[count // 7] = missing - receipts[-count // 9]
if "--expected" in sys.argv:
    print("some" if solvable else "none")
else:
    print(missing, *receipts, sep="\n")
