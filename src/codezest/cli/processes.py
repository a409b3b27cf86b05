"""`codezest web` and `codezest work`: one process each, stopped by SIGTERM, Ctrl-C or the end of their supervisor."""

import asyncio
import os
import signal
from collections.abc import Callable

import uvloop

from codezest.cli.loading import loading
from codezest.cli.serve import LIFELINE
from codezest.kit.database import Database
from codezest.kit.logs import configure_logging
from codezest.kit.mail import mailer_for
from codezest.kit.postgres import database_for
from codezest.kit.settings import Settings

GRACE_SECONDS = 3


def _watch_supervisor(stop: Callable[[], None]) -> None:
    """Call `stop` when the supervisor's end of the pipe closes, which it does however the supervisor ends."""
    lifeline = os.environ.get(LIFELINE)
    if lifeline is None:
        return
    number = int(lifeline)

    def readable() -> None:
        asyncio.get_running_loop().remove_reader(number)
        stop()

    asyncio.get_running_loop().add_reader(number, readable)


def web(settings: Settings) -> int:
    """Serve pages and API until told to stop."""
    configure_logging(settings)
    # Here and not above: a worker that never serves a page need not hold 30 MiB of web framework.
    with loading():
        import uvicorn

        from codezest.gateway.app import Application

    with database_for(settings.database_url, settings.data_dir) as url:
        server = uvicorn.Server(
            uvicorn.Config(
                Application(settings, url),
                host=settings.host,
                port=settings.port,
                http="httptools",
                loop="uvloop",
                lifespan="on",
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

        async def run() -> None:
            _watch_supervisor(lambda: setattr(server, "should_exit", True))
            await server.serve()

        uvloop.run(run())
        return 0 if server.started else 1


def work(settings: Settings) -> int:
    """Grade, send and relay until told to stop."""
    configure_logging(settings)
    with loading():
        from codezest.worker.assembly import work_until

    async def run(url: str) -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        _watch_supervisor(stop.set)
        database = Database(url, pool_size=settings.database_pool_size)
        try:
            await work_until(stop, database, settings, mailer_for(settings))
        finally:
            await database.close()

    with database_for(settings.database_url, settings.data_dir) as url:
        uvloop.run(run(url))
    return 0
