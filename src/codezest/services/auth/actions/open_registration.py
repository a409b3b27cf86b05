"""See to it that new accounts are open to everybody."""

from sqlalchemy.ext.asyncio import AsyncSession

from codezest.kit.database import driver_connection
from codezest.kit.features import feature_settings
from codezest.services.auth.errors import RegistrationClosed


async def require_open_registration(session: AsyncSession) -> None:
    """Refuse to make an account where administrators have closed that.

    Raises:
        RegistrationClosed: as said.
    """
    if (await feature_settings(await driver_connection(session))).registration != "OPEN":
        raise RegistrationClosed
