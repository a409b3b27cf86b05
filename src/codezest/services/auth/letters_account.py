"""What our mails about an account say: its address, its tokens, its data, its end.

A file of its own because the words are for writers and translators, the jobs for programmers.
"""

from datetime import datetime

from codezest.kit.i18n import Reader
from codezest.kit.mail import Mail
from codezest_db.models.auth import User


def email_change(user: User, new_email: str, link: str) -> Mail:
    """Asks the reader of the new address to confirm it."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        new_email,
        _("Confirm your new e-mail address"),
        _("Someone, probably you, wants to use this address for an account at CodeZest. Confirm that it is yours:"),
        link,
        _("The link works once, for 24 hours. Until then the account keeps its former address."),
        _("If that was not you, ignore this letter: nothing happens without your answer."),
    )


def email_change_refused(user: User, new_email: str, login: str) -> Mail:
    """Tells the owner of an address that it has an account already."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        new_email,
        _("This address has an account already"),
        _("Someone, probably you, wanted to use this address for another account at CodeZest. Nothing was changed."),
        _("Log in to the account of this address:"),
        login,
        _("If that was not you, ignore this letter."),
    )


def email_changed(user: User, former: str, link: str) -> Mail:
    """Tells the former address of an account, and lets it take the change back."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        former,
        _("Your e-mail address was changed"),
        _("Your account at CodeZest has another e-mail address now. If you wanted that, you need do nothing."),
        _("If it was not you, take it back here. The account is then logged out everywhere:"),
        link,
        _("The link works once, for 7 days. Afterwards choose a new password."),
    )


def token_created(user: User, page: str) -> Mail:
    """Tells the owner of an account that a program may act in their name."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        user.email,
        _("A new token for your account"),
        _("Someone, probably you, has made a token with which a program can use your account at CodeZest."),
        _("If it was not you, revoke it, then change your password:"),
        page,
    )


def export_ready(user: User, page: str) -> Mail:
    """Tells somebody that what is held of them can be downloaded."""
    _ = Reader(user.locale, user.timezone).gettext
    return Mail.of_paragraphs(
        user.email,
        _("Your data is ready"),
        _("Everything that CodeZest holds of you is ready to be downloaded. Log in and get it here:"),
        page,
        _("It is kept for 7 days, then deleted."),
    )


def deletion_requested(user: User, moment: datetime, page: str) -> Mail:
    """Tells somebody when their account will be gone, and how to keep it."""
    reader = Reader(user.locale, user.timezone)
    _ = reader.gettext
    return Mail.of_paragraphs(
        user.email,
        _("Your account will be deleted"),
        _("Someone, probably you, asked for the deletion of your account at CodeZest. It will be deleted on %(when)s.")
        % {"when": reader.date(moment)},
        _("Until then you can log in and keep it:"),
        page,
        _("If it was not you, do that and change your password."),
    )
