def is_even(number):
    return number % 2 == 0


def clamp(value, low=0, high=100):
    if value < low:
        return low
    if value > high:
        return high
    return value


def count_vowels(text):
    count = 0
    for letter in text.lower():
        if letter in "aeiou":
            count += 1
    return count


def average(numbers):
    return sum(numbers) / len(numbers)


def by_length(words):
    return sorted(words, key=lambda word: (len(word), word))


# ---- The main part. It is finished; leave it as it is. ----


def answer(line):
    name, _, rest = line.partition(" ")
    if name == "is_even":
        return is_even(int(rest))
    if name == "clamp":
        return clamp(*[int(word) for word in rest.split()])
    if name == "count_vowels":
        return count_vowels(rest)
    if name == "average":
        return average([int(word) for word in rest.split()])
    if name == "by_length":
        return by_length(rest.split())
    return "unknown function: " + name


while True:
    try:
        line = input()
    except EOFError:  # there are no more lines
        break
    print(answer(line))
