# Replace each pass with a body that returns the result.


def is_even(number):
    pass


def clamp(value, low=0, high=100):
    pass


def count_vowels(text):
    pass


def average(numbers):
    pass


def by_length(words):
    pass


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
