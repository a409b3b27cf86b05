import csv
import sys

rows = list(csv.DictReader(sys.stdin))
for row in rows:
    row["rain"] = float(row["rain"])

total = sum(row["rain"] for row in rows)
wettest = max(rows, key=lambda row: row["rain"])

print(f"{len(rows)} cities, {total / len(rows):.1f} mm on average")
print(f"Most rain: {wettest['city']} with {wettest['rain']} mm")
