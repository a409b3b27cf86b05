"""Where a session is, as far as its address says. No address tells a town, so none is named."""

import ipaddress

from codezest.kit.i18n import gettext as _
from codezest.services.auth.rules import Origin


def place_of(address: str | None, here: str) -> str:
    """In words, or the address itself; of IPv6, the network, because the rest changes by itself.

    Args:
        address: of the session.
        here: of the request.
    """
    origin = Origin.of(address or "", "")
    if origin.ip_address is None or origin.network is None:
        return _("Unknown network")
    found = ipaddress.ip_address(origin.ip_address)
    if found.is_loopback:
        return _("This computer")
    if origin.network == Origin.of(here, "").network:
        return _("This network (%(address)s)") % {"address": _shortened(origin)}
    if found.is_private or found.is_link_local:
        return _("A private network (%(address)s)") % {"address": _shortened(origin)}
    return _shortened(origin)


def _shortened(origin: Origin) -> str:
    return str(origin.network) if ":" in str(origin.ip_address) else str(origin.ip_address)
