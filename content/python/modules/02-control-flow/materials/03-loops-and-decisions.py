count = 0
total = 0
frosty = 0

line = input()
while line != "end":
    value = float(line)
    count += 1
    total += value
    if value < 0:
        frosty += 1
    line = input()

print("Days:", count)
print("Average:", total / count)
print("Frosty days:", frosty)
