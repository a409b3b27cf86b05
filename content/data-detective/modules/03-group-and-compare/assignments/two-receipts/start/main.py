import sys

missing, *receipts = map(int, sys.stdin.read().split())

# Print the numbers of two receipts that make the missing amount, or none.
