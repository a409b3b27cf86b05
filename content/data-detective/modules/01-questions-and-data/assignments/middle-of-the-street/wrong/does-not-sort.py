import sys

incomes = [float(line) for line in sys.stdin if line.strip()]
count = len(incomes)
middle = count // 2

print(sum(incomes) / count)
if count % 2 == 1:
    print(incomes[middle])
else:
    print((incomes[middle - 1] + incomes[middle]) / 2)
