def read_amount(text):
    return float(text)
