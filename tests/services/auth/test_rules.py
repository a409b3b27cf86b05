"""Pure decisions."""

from datetime import UTC, date, datetime, timedelta

import pytest

from codezest.services.auth import rules
from codezest.services.auth.errors import PasswordIsEmail, PasswordTooCommon
from codezest.services.auth.pages.sessions.device import device_of
from codezest.services.auth.rules import Origin

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("ages", "wait"),
    [([], 0), ([0, 1], 0), ([0, 1, 2], 898), ([0, 1, 2, 800], 898), ([0, 1, 900], 0), ([0, 1, 899.5], 1)],
)
def test_an_address_is_locked_until_the_failure_that_reached_the_limit_is_old(ages: list[float], wait: int) -> None:
    failures = [MOMENT - timedelta(seconds=age) for age in ages]
    assert rules.seconds_locked(failures, limit=3, window=WINDOW, moment=MOMENT) == wait


@pytest.mark.parametrize(
    ("address", "kept", "network"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("testclient", None, None),
        ("", None, None),
    ],
)
def test_where_a_request_came_from(address: str, kept: str | None, network: str | None) -> None:
    origin = Origin.of(address, "Agent\0")
    assert (origin.ip_address, origin.network, origin.user_agent) == (kept, network, "Agent")


@pytest.mark.parametrize(
    "password", ["correct horse", "learn-by-doing-42", "aaaaaaaaaabc", "0123456788", "пароль из слов"]
)
def test_a_password_needs_no_composition(password: str) -> None:
    rules.check_password(password, "ada@codezest.example")


@pytest.mark.parametrize(
    "password",
    [
        "PASSWORD123",
        "9876543210",
        "abcdefghijkl",
        "zyxwvutsrq",
        "abababababab",
        "1111111111",
        " password123 ",
        "".join(chr(0xFF10 + digit) for digit in range(10)),
    ],
)
def test_what_everybody_uses_is_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        rules.check_password(password, "ada@codezest.example")


@pytest.mark.parametrize("password", ["Ada.Lovelace", "ada.lovelace@codezest.example", "ADA.LOVELACE@CODEZEST.EXAMPLE"])
def test_the_address_is_no_password(password: str) -> None:
    with pytest.raises(PasswordIsEmail):
        rules.check_password(password, "ada.lovelace@codezest.example")


def test_no_listed_password_is_too_short_to_matter() -> None:
    assert min(len(password) for password in rules.COMMON_PASSWORDS) >= rules.PASSWORD_MIN


def test_dates_of_birth() -> None:
    assert rules.plausible_birth(date(1900, 1, 1)) == date(1900, 1, 1)
    for day in (date(1899, 12, 31), date.today() + timedelta(days=2)):  # noqa: DTZ011 - a calendar date
        with pytest.raises(ValueError, match="between"):
            rules.plausible_birth(day)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
         "Chrome on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
         "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
         "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
         "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
         "Safari on macOS"),
        ("curl/8.5.0", "curl"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("<script>", "Unknown device"),
        ("", "Unknown device"),
        (None, "Unknown device"),
    ],
)  # fmt: skip
def test_user_agents_in_words(user_agent: str | None, words: str) -> None:
    assert device_of(user_agent) == words
