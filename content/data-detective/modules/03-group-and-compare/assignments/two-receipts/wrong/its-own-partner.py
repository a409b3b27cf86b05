import sys

missing, *receipts = map(int, sys.stdin.read().split())

number_of = {amount: number for number, amount in enumerate(receipts, start=1)}
for number, amount in enumerate(receipts, start=1):
    if missing - amount in number_of:
        print(number, number_of[missing - amount])
        break
else:
    print("none")
