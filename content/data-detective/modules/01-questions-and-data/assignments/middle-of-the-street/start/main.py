import sys

incomes = [float(line) for line in sys.stdin if line.strip()]

# Print the mean on the first line and the median on the second.
