"""What we write to the owner of an account when the ways into it change.

Nothing in these letters was typed by anyone: who changed something may be the stranger they warn of.
"""

from codezest.kit.i18n import Reader
from codezest.kit.mail import Mail
from codezest_db.models.auth import User


def notice(user: User, act: str, public_url: str) -> Mail | None:
    """The letter about an act, or None where it needs none."""
    reader = Reader(user.locale, user.timezone)
    words = _words(reader).get(act)
    if words is None:
        return None
    _ = reader.gettext
    subject, happened = words
    paragraphs = [
        happened,
        _("If that was you, there is nothing to do."),
        _("If it was not, choose a new password now; everybody is logged out then:"),
        f"{public_url}/forgot-password",
        _("Afterwards look at how your account is entered, and remove what is not yours:"),
        f"{public_url}/account/passkeys",
        f"{public_url}/account/two-step",
        f"{public_url}/account/connections",
    ]
    return Mail.of_paragraphs(user.email, subject, *paragraphs)


def _words(reader: Reader) -> dict[str, tuple[str, str]]:
    """Subject and first sentence by act."""
    _ = reader.gettext
    return {
        "password.changed": (
            _("Your password was changed"),
            _("The password of your account at CodeZest was changed. Everybody else is logged out."),
        ),
        "password.reset": (
            _("You have a new password"),
            _("A new password was chosen for your account at CodeZest through a letter. Everybody is logged out."),
        ),
        "two_step.lifted": (
            _("Two-step login was turned off for you"),
            _("An operator of CodeZest has turned off the second step of your account, as somebody asked for you."),
        ),
        "passkey.added": (
            _("A passkey was added"),
            _("A passkey was added to your account at CodeZest. Whoever has it can log in as you."),
        ),
        "passkey.removed": (
            _("A passkey was removed"),
            _("A passkey was removed from your account at CodeZest. It can no longer log in."),
        ),
        "passkey.copied": (
            _("A passkey of yours may have been copied"),
            _(
                "Somebody tried to log in to your account at CodeZest with a passkey of yours that seems to exist twice. We "
                "refused it. Log in another way and remove that passkey."
            ),
        ),
        "two_step.enabled": (
            _("Two-step login is on"),
            _("From now on your account at CodeZest asks for a code of your app after the password."),
        ),
        "two_step.disabled": (
            _("Two-step login is off"),
            _("Your account at CodeZest no longer asks for a code after the password."),
        ),
        "second_step.locked": (
            _("Somebody knows your password"),
            _(
                "Somebody gave the right password of your account at CodeZest and then too many wrong codes. We let nobody "
                "in and accept no codes for a while."
            ),
        ),
        "recovery_codes.renewed": (
            _("You have new recovery codes"),
            _("New recovery codes were made for your account at CodeZest. Those before work no more."),
        ),
        "recovery_code.used": (
            _("A recovery code was used"),
            _("One of your recovery codes was used to enter your account at CodeZest. It works no more."),
        ),
        "identity.linked": (
            _("Your account was connected"),
            _("An account elsewhere was connected with yours at CodeZest. Whoever has it can log in as you."),
        ),
        "identity.unlinked": (
            _("Your account was disconnected"),
            _("An account elsewhere was disconnected from yours at CodeZest. It can no longer log in."),
        ),
    }
