def read_amount(text):
    text = text.strip().removeprefix("EUR").removesuffix("EUR").replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None
