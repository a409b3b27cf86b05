"""What our mails say. Nothing in them was typed by whoever asked for them, so they carry no stranger's message.

A file of its own because the words are for writers and translators, the jobs for programmers.
"""

from codezest.kit.i18n import Reader
from codezest.kit.mail import Mail
from codezest_db.models.auth import User


def verification(user: User, link: str) -> Mail:
    """Asks the owner of an address to confirm it."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        user.email,
        _("Confirm your e-mail address"),
        _("Welcome to CodeZest. Confirm that this address is yours, and your account is ready:"),
        link,
        _("The link works once, for 24 hours."),
        _("If you did not register, ignore this letter: without your answer the account stays closed."),
    )


def already_registered(user: User, login: str, forgot: str) -> Mail:
    """Tells the owner of an account that someone tried to register its address."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        user.email,
        _("You already have an account"),
        _(
            "Someone, probably you, registered this address at CodeZest. It has an account already; nothing was changed."
        ),
        _("Log in:"),
        login,
        _("Choose a new password, if you forgot yours:"),
        forgot,
        _("If that was not you, ignore this letter."),
    )


def password_reset(user: User, link: str) -> Mail:
    """Lets the owner of an account choose a new password."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        user.email,
        _("Choose a new password"),
        _("Someone, probably you, asked for a new password for your account at CodeZest. Choose it here:"),
        link,
        _("The link works once, for one hour. Afterwards you are logged out everywhere."),
        _("If that was not you, ignore this letter: your password stays as it is."),
    )


def invitation(user: User, link: str) -> Mail:
    """Asks somebody whom an administrator has given an account to choose a password."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        user.email,
        _("You are invited to CodeZest"),
        _("An administrator of CodeZest has made an account for this address. Choose a password, and it is yours:"),
        link,
        _(
            "The link works once, for 7 days. Afterwards you get another one on the login page: you forgot your password."
        ),
        _("If you did not expect this, ignore this letter: without your answer the account stays closed."),
    )
