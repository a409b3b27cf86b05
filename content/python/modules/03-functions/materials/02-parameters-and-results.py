def with_tax(price, percent=20):
    tax = price * percent / 100
    return price + tax


def rounded(amount):
    return f"{amount:.2f}"  # two digits after the decimal point


def label(price):
    return rounded(with_tax(price)) + " EUR"


price = float(input())
print(label(price))
