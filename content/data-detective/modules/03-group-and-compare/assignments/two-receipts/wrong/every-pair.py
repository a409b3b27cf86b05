import sys

missing, *receipts = map(int, sys.stdin.read().split())


def search():
    for first in range(len(receipts)):
        for second in range(first + 1, len(receipts)):
            if receipts[first] + receipts[second] == missing:
                return f"{first + 1} {second + 1}"
    return "none"


print(search())
