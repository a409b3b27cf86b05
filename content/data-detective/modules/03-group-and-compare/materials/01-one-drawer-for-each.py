import sys

groups = {}
for line in sys.stdin:
    city, amount = line.strip().split(",")
    groups.setdefault(city, []).append(float(amount))

for city in sorted(groups):
    amounts = groups[city]
    print(f"{city:<6} {sum(amounts):>7.2f} in all, {sum(amounts) / len(amounts):.2f} on average")
