import sys

missing, *receipts = map(int, sys.stdin.read().split())

seen = set()
for amount in receipts:
    if missing - amount in seen:
        print(missing - amount, amount)
        break
    seen.add(amount)
else:
    print("none")
