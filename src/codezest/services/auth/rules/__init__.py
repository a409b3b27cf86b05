"""Pure decisions: which addresses, names and passwords are accepted, and when an address is locked out."""

import ipaddress
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from codezest.kit.i18n import gettext as _
from codezest.kit.i18n import known_locale
from codezest.services.auth.errors import PasswordIsEmail, PasswordTooCommon
from codezest.services.auth.rules import names
from codezest_db.enums import LoginOutcome
from codezest_db.models.auth import User

EMAIL_LENGTH = 254
NAME_LENGTH = 100
PASSWORD_MIN = 10
PASSWORD_MAX = 200
URL_LENGTH = 500
EARLIEST_BIRTH = date(1900, 1, 1)

VERIFICATION_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(hours=1)
INVITATION_LIFETIME = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
"""How coarsely `last_seen_at` is kept: a busy session writes this often, not at each request."""

EMAIL_CHANGE_LIFETIME = timedelta(hours=24)
EMAIL_UNDO_LIFETIME = timedelta(days=7)
EXPORT_EVERY = timedelta(days=1)
EXPORT_LIFETIME = timedelta(days=7)
EXPORT_PATIENCE = timedelta(days=2)
"""A download that is not ready by then has failed."""
TOKEN_USED_EVERY = timedelta(minutes=1)
"""How coarsely the last use of a token for programs is kept."""
MOST_TOKENS = 50

ADDRESS_FACTOR = 20
"""A class behind one network address may fail, or ask for mail, as often as this many people."""
MAIL_WINDOW = timedelta(hours=1)
MAILS_PER_WINDOW = 5
"""Letters of all kinds that one e-mail address gets within the window."""

# Well-known choices that the length rule alone lets pass. Runs and repetitions are recognised without a list.
COMMON_PASSWORDS = frozenset(
    """
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc abcd123456 admin12345 adminadmin administrator baseball123 basketball changeme123
    charlie123 chocolate1 computer123 correcthorse football123 iloveyou12 iloveyou123 internet123 justinbieber learntocode
    letmein123 letmein1234 liverpool1 manchester mypassword password01 password12 password123 password1234 password12345
    passwordpassword princess123 programming qazwsxedcrfv qwerty12345 qwerty123456 qwertyuiop qwertyuiop123 secret1234
    starwars123 sunshine123 superman123 trustno1trustno1 welcome123 welcome1234 whatever123 zaq12wsxcde3 zxcvbnm123
    """.split()  # noqa: SIM905 - a list to read and extend
)
RUNS = tuple(
    doubled
    for run in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
    for doubled in (run * (PASSWORD_MAX // len(run) + 2), run[::-1] * (PASSWORD_MAX // len(run) + 2))
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, as rows keep it; `ip_address` is None where there is no such thing."""

    ip_address: str | None
    user_agent: str | None

    @classmethod
    def of(cls, client_address: str, user_agent: str) -> "Origin":
        """The origin of a request; an IPv4 address in IPv6 clothing counts as itself."""
        try:
            address = ipaddress.ip_address(client_address.partition("%")[0])
        except ValueError:
            return cls(None, user_agent.replace("\0", "") or None)
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return cls(str(mapped or address), user_agent.replace("\0", "") or None)

    @property
    def network(self) -> str | None:
        """What is counted as one sender: an IPv4 address, or an IPv6 /64, which one customer fills at will."""
        if self.ip_address is None:
            return None
        width = 64 if ":" in self.ip_address else 32
        return str(ipaddress.ip_network((self.ip_address, width), strict=False))


def normalise_email(text: str) -> str:
    """The address as it is stored and written to: domain in lower case and punycode.

    Raises:
        ValueError: this is no address that mail can be sent to; the message says what to do.
    """
    if len(text) > EMAIL_LENGTH:
        raise ValueError(_("Use at most %(most)s characters.") % {"most": EMAIL_LENGTH})
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError(_("We cannot write to this address. Check it for typing errors.")) from None
    return found.ascii_email or found.normalized


def clean_name(text: str) -> str:
    """A person's name in NFC without surrounding space; it may be empty.

    Raises:
        ValueError: it holds characters that control, hide or turn text.
    """
    return names.one_line(text)


def clean_given_name(text: str) -> str:
    """As `clean_name`, for the name everybody has.

    Raises:
        ValueError: it is empty, or holds characters that control, hide or turn text.
    """
    name = clean_name(text)
    if not name:
        raise ValueError(_("Please fill this in."))
    return name


def web_address(text: str) -> str:
    """An absolute http or https address, which is safe to make a link of.

    Raises:
        ValueError: it is anything else.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and not (parts.username or parts.password)
        valid = valid and parts.port != 0
    except ValueError:
        valid = False
    if not valid or any(character.isspace() or ord(character) < 32 or character in '\\<>"' for character in address):
        raise ValueError(_("Use a full address that starts with https:// or http://."))
    return address


def https_address(text: str) -> str:
    """As `web_address`, of https alone: what a public page leads to.

    Raises:
        ValueError: it is anything else.
    """
    try:
        address = web_address(text)
    except ValueError:
        address = ""
    if not address.lower().startswith("https://"):
        raise ValueError(_("Use an address that starts with https://."))
    return address


@cache
def timezones() -> tuple[str, ...]:
    """The names of IANA time zones a user may choose."""
    return tuple(sorted(name for name in available_timezones() if name == "UTC" or "/" in name))


def known_timezone(name: str) -> str:
    """The name itself.

    Raises:
        ValueError: IANA knows no such zone.
    """
    if name not in timezones():
        raise ValueError(_("Use the name of an IANA time zone, such as Europe/Paris."))
    return name


def known_language(tag: str) -> str:
    """The BCP 47 tag itself.

    Raises:
        ValueError: it names no locale.
    """
    if not known_locale(tag):
        raise ValueError(_("Use a language tag, such as en or pt-BR."))
    return tag


def plausible_birth(day: date) -> date:
    """The date itself.

    Raises:
        ValueError: nobody alive was born then.
    """
    if not EARLIEST_BIRTH <= day <= date.today():  # noqa: DTZ011 - a calendar date has no time zone
        raise ValueError(_("Use a date between 1900-01-01 and today."))
    return day


def prepare_password(password: str) -> str:
    """The password as it is hashed: NFKC, so that two keyboards that compose a letter differently agree (NIST 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, email: str, *, field: str = "password") -> None:
    """Refuse what an attacker tries first. Length is the schema's business; there are no rules of composition.

    Raises:
        PasswordIsEmail: it is the address, or the part before the @.
        PasswordTooCommon: it is on the list of common ones, or a run, or few characters repeated.
    """
    bare = prepare_password(password).casefold().strip()
    if bare in {email.casefold(), email.casefold().partition("@")[0]}:
        raise PasswordIsEmail.of(field, _("Choose something other than your e-mail address."))
    if bare in COMMON_PASSWORDS or len(set(bare)) <= 2 or any(bare in run for run in RUNS):
        raise PasswordTooCommon.of(field, _("Many people use this password, so it is tried first. Choose another."))


def seconds_locked(failures: Sequence[datetime], *, limit: int, window: timedelta, moment: datetime) -> int:
    """How long no attempt is accepted; 0 means one is.

    Args:
        failures: times of wrong passwords, the newest first; those beyond `limit` do not matter.
        limit: how many within the window lock.
        window: how long each counts.
        moment: the current time.
    """
    if len(failures) < limit:
        return 0
    return max(0, math.ceil((failures[limit - 1] + window - moment).total_seconds()))


def outcome_of_right_password(user: User) -> LoginOutcome:
    """How an attempt with the right password ends."""
    if user.suspended_at is not None:
        return LoginOutcome.SUSPENDED
    if user.email_verified_at is None:
        return LoginOutcome.UNVERIFIED
    return LoginOutcome.SUCCEEDED
