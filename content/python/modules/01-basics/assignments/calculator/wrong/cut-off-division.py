a = int(input())
b = int(input())

print(f"{a} + {b} = {a + b}")
print(f"{a} - {b} = {a - b}")
print(f"{a} * {b} = {a * b}")
print(f"{a} / {b} = {a / b}")
print(f"{a} // {b} = {int(a / b)}")
print(f"{a} % {b} = {a % b}")
