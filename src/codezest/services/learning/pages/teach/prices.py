"""Amounts of money as people type them, wherever they are from, and as forms show them again."""

import re
import unicodedata

from babel.numbers import get_currency_precision

from codezest.kit.i18n import gettext as _
from codezest.services.learning.pages.teach.forms import FormRefused

CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF", "INR", "JPY", "KRW", "MXN", "NOK", "NZD", "PLN",
    "RON", "SEK", "SGD", "TRY", "UAH", "USD", "ZAR",
)  # fmt: skip
"""Those that are offered; any other may be typed."""
MARKS = {"\u066b": ".", "\u066c": "'", "\u2019": "'"}
"""Arabic decimal and thousands separators, and the apostrophe of Swiss amounts."""
GROUP = 3
"""Digits between the marks of a large number."""
_GROUPED = re.compile(r"\d{1,3}(?:(?P<mark>[.,'])\d{3})(?:(?P=mark)\d{3})*")


def price_in(text: str, currency: str) -> int:
    """An amount in minor units: `49`, `49.00`, `49,00`, `1,234.50`, `1.234,50` and `1 234,50` all mean what they look like.

    Where a currency has three decimals, a single mark before three digits could mean either, so it is refused.

    Raises:
        FormRefused: it is no amount, or has more decimals than the currency.
    """
    precision = get_currency_precision(currency)
    plain = "".join(_plain(character) for character in text)
    if not plain:
        return 0
    whole, mark, fraction = plain, "", ""
    if (found := re.fullmatch(r"(.*)([.,])(\d*)", plain)) and _is_decimal(plain, found.group(3), precision):
        whole, mark, fraction = found.groups()
    digits = re.sub(r"[.,']", "", whole)
    unclear = precision == GROUP and re.fullmatch(r"\d{1,3}[.,]\d{3}", plain)
    grouped = whole == digits or (_GROUPED.fullmatch(whole) is not None and mark not in set(whole) - set(digits))
    if unclear or not grouped or not digits.isdecimal() or len(fraction) > precision or len(digits) > 9:
        raise FormRefused([("price_minor", _unreadable(currency, precision))])
    return int(digits) * 10**precision + int(fraction.ljust(precision, "0") or 0)


def price_typed(minor: int, currency: str) -> str:
    """The amount as a field shows it, in the digits that `price_in` reads everywhere."""
    precision = get_currency_precision(currency)
    whole, fraction = divmod(minor, 10**precision)
    return f"{whole}.{fraction:0{precision}d}" if precision else str(whole)


def _is_decimal(plain: str, fraction: str, precision: int) -> bool:
    """Whether the last mark parts the decimals from the rest."""
    if not fraction:
        return False
    marks = [character for character in plain if character in ".,'"]
    if len(marks) > 1 and len(set(marks)) == 1:
        return False
    return len(fraction) <= precision or len(set(marks)) > 1 or len(fraction) != GROUP


def _plain(character: str) -> str:
    """Digits of every script as ASCII, no blanks, and nothing of a currency's sign."""
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    if character in MARKS:
        return MARKS[character]
    return "" if unicodedata.category(character) in {"Zs", "Sc", "Cf", "Cc"} else character


def _unreadable(currency: str, precision: int) -> str:
    if precision:
        return _("Use an amount such as 49 or %(example)s.") % {"example": f"49.{'0' * precision}"}
    return _("Use a whole amount, such as 4900: %(currency)s has no smaller unit.") % {"currency": currency}
