import math


def read_amount(text):
    text = text.strip().removeprefix("EUR").removesuffix("EUR").replace(",", "")
    try:
        amount = float(text)
    except ValueError:
        return None
    return amount if math.isfinite(amount) else None
