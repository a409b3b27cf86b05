import sys

incomes = sorted(float(line) for line in sys.stdin if line.strip())
print(sum(incomes) / len(incomes))
print(incomes[len(incomes) // 2])
