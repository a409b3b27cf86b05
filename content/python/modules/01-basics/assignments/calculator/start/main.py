# Read two whole numbers, one per line, and print six calculations.

a = input()
b = input()

print(f"{a} + {b} = ")
