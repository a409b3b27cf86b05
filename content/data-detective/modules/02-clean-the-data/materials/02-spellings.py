import sys

SAME = {"roma": "rome", "wien": "vienna"}


def tidy(name):
    name = name.strip().lower()
    return SAME.get(name, name)


lines = [line for line in sys.stdin if line.strip()]
visits = {}
for line in lines:
    city = tidy(line)
    visits[city] = visits.get(city, 0) + 1

for city in sorted(visits):
    print(f"{city.title():<8} {visits[city]}")
print(f"{len({line.rstrip() for line in lines})} spellings, {len(visits)} cities")
