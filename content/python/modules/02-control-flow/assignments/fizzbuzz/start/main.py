# Count from 1 to n, and replace some of the numbers with words.

n = int(input())

for number in range(1, n + 1):
    # Decide here what to say for this number.
    print("?")
