"""The `codezest` command."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from codezest.kit.postgres import PostgresUnavailable
from codezest.kit.settings import Settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codezest", description="Learn to code and run courses.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    commands.add_parser("serve", help="start the database, the web server and a worker; Ctrl-C stops all")
    commands.add_parser("web", help="start a web server alone")
    commands.add_parser("work", help="start a worker alone")
    commands.add_parser("setup", help="migrate the database, load the content and, in development, the demo accounts")
    commands.add_parser("doctor", help="say what works here and how to get the rest")

    db = commands.add_parser("db", help="the database").add_subparsers(dest="action", required=True, metavar="ACTION")
    upgrade = db.add_parser("upgrade", help="bring the schema to a revision")
    upgrade.add_argument("revision", nargs="?", default="head")
    downgrade = db.add_parser("downgrade", help="take the schema back to a revision; rows of dropped tables are lost")
    downgrade.add_argument("revision")
    db.add_parser("current", help="print the schema's revision")
    db.add_parser("url", help="print the address of the database")
    docs = db.add_parser("docs", help="write the reference of every table and the diagram")
    docs.add_argument("--output", type=Path, default=Path("docs/reference/database.md"))

    content = commands.add_parser("content", help="courses as code").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    check = content.add_parser(
        "check", help="prove that solutions pass, starters fail and wrong programs fail as named"
    )
    check.add_argument("path", type=Path, nargs="?")
    sync = content.add_parser("sync", help="bring the database in line with the folder; one way")
    sync.add_argument("path", type=Path, nargs="?")
    new = content.add_parser("new", help="scaffold a language, module, material, quiz or assignment")
    new.add_argument("kind", choices=["language", "module", "material", "quiz", "assignment"])
    new.add_argument("path", type=Path, help="the folder to make, e.g. content/python/modules/04-classes")
    new.add_argument("--title", required=True)
    new.add_argument(
        "--type", choices=["ARTICLE", "VIDEO", "CODE_EXAMPLE", "INTERACTIVE"], default="ARTICLE", help="of a material"
    )

    users = commands.add_parser("users", help="accounts").add_subparsers(dest="action", required=True, metavar="ACTION")
    create = users.add_parser("create", help="create a verified account; the password is asked for")
    create.add_argument("email")
    create.add_argument("--role", choices=["STUDENT", "INSTRUCTOR", "ADMIN"], default="STUDENT")
    create.add_argument("--first-name", required=True)
    create.add_argument("--last-name", required=True)

    reference = commands.add_parser("reference", help="write the reference of settings, commands, events and errors")
    reference.add_argument("--output", type=Path, default=Path("docs/reference"))
    return parser


def _walk(parser: argparse.ArgumentParser, prefix: str) -> Iterator[tuple[str, str]]:
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to list subcommands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            for choice in action._choices_actions:  # noqa: SLF001
                name = f"{prefix}{choice.dest}"
                inner = list(_walk(action.choices[choice.dest], f"{name} "))
                yield from inner or [(name, choice.help or "")]


def command_summaries() -> list[tuple[str, str]]:
    """Every command and its one-line help."""
    return list(_walk(_parser(), ""))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status.

    Modules are imported per command: `serve` stays small while the heavy ones run as its children.
    """
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings()
    except ValidationError as error:
        print("The configuration is not valid:", file=sys.stderr)
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            print(f"  {'CODEZEST_' + name + ': ' if name else ''}{problem['msg']}", file=sys.stderr)
        return 2
    try:
        return _run(arguments, settings)
    except PostgresUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: PLR0911 - one line a command
    match arguments.command:
        case "serve":
            from codezest.cli.serve import serve

            return serve(settings)
        case "web":
            from codezest.cli.processes import web

            return web(settings)
        case "work":
            from codezest.cli.processes import work

            return work(settings)
        case "setup":
            from codezest.cli.setup import setup

            return setup(settings)
        case "doctor":
            from codezest.cli.doctor import doctor

            return doctor(settings)
        case "db":
            from codezest.cli.db import db

            return db(settings, arguments)
        case "content":
            from codezest.cli.content import content

            return content(settings, arguments)
        case "users":
            from codezest.cli.users import users

            return users(settings, arguments)
        case _:
            from codezest.cli.reference import reference

            return reference(arguments)


if __name__ == "__main__":
    sys.exit(main())
