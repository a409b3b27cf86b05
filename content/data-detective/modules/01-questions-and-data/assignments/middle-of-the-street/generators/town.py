"""Prints incomes of so many households, or with `--expected` their mean and median: town.py COUNT [--expected] SEED."""

import random
import statistics
import sys

count, seed = int(sys.argv[1]), int(sys.argv[-1])
source = random.Random(seed)
incomes = [round(source.lognormvariate(7.6, 0.6), 2) for _ in range(count)]
if "--expected" in sys.argv:
    print(statistics.fmean(incomes))
    print(statistics.median(incomes))
else:
    print("\n".join(map(str, incomes)))
