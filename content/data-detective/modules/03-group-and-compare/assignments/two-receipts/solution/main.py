import sys

missing, *receipts = map(int, sys.stdin.read().split())

number_of = {}
answer = "none"
for number, amount in enumerate(receipts, start=1):
    partner = number_of.get(missing - amount)
    if partner is not None:
        answer = f"{partner} {number}"
        break
    number_of[amount] = number
print(answer)
