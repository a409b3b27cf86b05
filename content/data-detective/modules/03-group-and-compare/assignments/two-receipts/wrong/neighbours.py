import sys

missing, *receipts = map(int, sys.stdin.read().split())

for number in range(1, len(receipts)):
    if receipts[number - 1] + receipts[number] == missing:
        print(number, number + 1)
        break
else:
    print("none")
