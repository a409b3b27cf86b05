"""The `codezest` command."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from pydantic import ValidationError

from codezest.cli.loading import loading
from codezest.kit.postgres import PostgresUnavailable
from codezest.kit.settings import Settings


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return number


def _add_mutation(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "--mutate", action="store_true", help="change each solution in small ways, and list the changes no test notices"
    )
    check.add_argument("--max-mutants", type=_count, metavar="N", help="of each solution; 100 if absent")
    check.add_argument("--seed", type=int, metavar="N", help="decides which mutants are tried when there are more")
    check.add_argument(
        "--require", type=_share, metavar="RATIO", help="fail when the tests of an assignment kill fewer, from 0 to 1"
    )


def _add_sources(grade: argparse.ArgumentParser) -> None:
    grade.add_argument("assignment", type=Path, metavar="ASSIGNMENT_DIR", help="the folder with assignment.toml")
    grade.add_argument(
        "source",
        type=Path,
        nargs="+",
        metavar="SOURCE",
        help="the program; several files, or a folder, are one program",
    )
    grade.add_argument("--json", action="store_true", help="print the grade as JSON")
    grade.add_argument("--python", metavar="PATH", help="the interpreter that runs Python programs")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codezest", description="Learn to code and run courses.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    commands.add_parser("serve", help="start the database, the web server and a worker; Ctrl-C stops all")
    commands.add_parser("web", help="start a web server alone")
    commands.add_parser("work", help="start a worker alone")
    commands.add_parser("setup", help="migrate the database, load the content and, in development, the demo accounts")
    _describe_doctor(commands.add_parser("doctor", help="say what works here and how to get the rest"))

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
    _add_mutation(check)
    sync = content.add_parser("sync", help="bring the database in line with the folder; one way")
    sync.add_argument("path", type=Path, nargs="?")
    export = content.add_parser(
        "export", help="write a course as it stands in the database, so that sync gives the same"
    )
    export.add_argument("course", metavar="COURSE", help="id or slug")
    export.add_argument("path", type=Path, metavar="FOLDER", help="gets a folder of the course's name")
    new = content.add_parser("new", help="scaffold a language, course, module, material, quiz or assignment")
    new.add_argument("kind", choices=["language", "course", "module", "material", "quiz", "assignment"])
    new.add_argument("path", type=Path, help="the folder to make, e.g. content/python/modules/04-classes")
    new.add_argument("--title", required=True)
    new.add_argument(
        "--type", choices=["ARTICLE", "VIDEO", "CODE_EXAMPLE", "INTERACTIVE"], default="ARTICLE", help="of a material"
    )
    new.add_argument(
        "--mode",
        choices=["STDIO", "FUNCTION", "UNIT_TESTS", "INTERACTIVE"],
        default="STDIO",
        help="how the programs of an assignment are put to the test",
    )

    grade_help = "grade a program by an assignment's folder, without a server; the exit status tells the verdict"
    _add_sources(commands.add_parser("grade", help=grade_help))
    reproduce = commands.add_parser(
        "grade reproduce", help="grade a submission again by what graded it, and say whether the result is the same"
    )
    reproduce.add_argument("submission", type=UUID, metavar="SUBMISSION_ID")
    reproduce.add_argument("--json", action="store_true", help="print the comparison as JSON")
    regrade = commands.add_parser(
        "regrade", help="grade an assignment's submissions by what its tests are now: look first, then apply or cancel"
    )
    regrade.add_argument("assignment", nargs="?", metavar="ASSIGNMENT", help="id or slug")
    do = regrade.add_mutually_exclusive_group(required=True)
    do.add_argument("--preview", action="store_true", help="grade, and show whose results would change; change nothing")
    do.add_argument(
        "--apply", type=UUID, metavar="REGRADE_ID", help="give every submission its new result, all at once"
    )
    do.add_argument("--cancel", type=UUID, metavar="REGRADE_ID", help="forget it")
    regrade.add_argument("--reason", default="", help="what learners whose result changes are told")
    regrade.add_argument("--json", action="store_true", help="print the regrade as JSON")

    _describe_users(commands.add_parser("users", help="accounts"))

    _describe_receipts(
        commands.add_parser(
            "verify-receipt", help="check a submission's receipt; needs neither a server nor a database"
        )
    )

    reference = commands.add_parser("reference", help="write the reference of settings, commands, events and errors")
    reference.add_argument("--output", type=Path, default=Path("docs/reference"))
    return parser


def _describe_doctor(doctor: argparse.ArgumentParser) -> None:
    what = doctor.add_mutually_exclusive_group()
    what.add_argument("--sandbox", action="store_true", help="try out how well programs are isolated here, and sign it")
    what.add_argument("--verify", type=Path, metavar="FILE", help="check the signature of such a report")
    doctor.add_argument("--output", type=Path, metavar="FILE", help="where --sandbox writes its report, as JSON")
    doctor.add_argument(
        "--key", metavar="PUBLIC", help="for --verify: public key in base64, if not this installation's own"
    )


def _doctor(settings: Settings, arguments: argparse.Namespace) -> int:
    from codezest.cli import doctor_sandbox
    from codezest.cli.doctor import doctor

    if arguments.verify is not None:
        return doctor_sandbox.verify(settings, arguments.verify, arguments.key)
    return doctor_sandbox.examine(settings, arguments.output) if arguments.sandbox else doctor(settings)


def _describe_users(users: argparse.ArgumentParser) -> None:
    actions = users.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="create a verified account; the password is asked for")
    create.add_argument("email")
    create.add_argument("--role", choices=["STUDENT", "INSTRUCTOR", "ADMIN"], default="STUDENT")
    create.add_argument("--first-name", required=True)
    create.add_argument("--last-name", required=True)
    lost = actions.add_parser("reset-two-step", help="turn two-step login off for somebody who has lost app and codes")
    lost.add_argument("email", help="make sure by other means than mail that it is their owner who asks")
    bar = actions.add_parser("suspend", help="bar an account and end its sessions and tokens")
    bar.add_argument("email")
    bar.add_argument("--reason", help="told to the owner of the account when they log in")
    back = actions.add_parser("restore", help="lift a suspension, and take back a deletion that has not happened yet")
    back.add_argument("email")


def _describe_receipts(receipt: argparse.ArgumentParser) -> None:
    receipt.add_argument("file", type=Path, help="the receipt, as the page or the API gave it")
    keys = receipt.add_mutually_exclusive_group()
    keys.add_argument("--key", metavar="PUBLIC", help="the server's public key in base64")
    keys.add_argument("--keys", type=Path, metavar="FILE", help="what GET /api/v1/receipts/keys answered")
    receipt.add_argument("--source", type=Path, help="what was handed in: the file, or the folder of several")
    receipt.add_argument("--previous", type=Path, metavar="FILE", help="the learner's receipt before this one")


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


def _joined(argv: Sequence[str]) -> list[str]:
    """`grade` takes a folder; its one subcommand is therefore a command whose name has a space."""
    if list(argv[:2]) == ["grade", "reproduce"]:
        return ["grade reproduce", *argv[2:]]
    return list(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status.

    Modules are imported per command: `serve` stays small while the heavy ones run as its children.
    """
    arguments = _parser().parse_args(_joined(sys.argv[1:] if argv is None else argv))
    if arguments.command == "verify-receipt":  # needs no settings either
        from codezest.cli.verify_receipt import verify_receipt

        return verify_receipt(arguments)
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


def _run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: C901, PLR0911 - one case a command
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
            with loading():
                from codezest.cli.setup import setup

            return setup(settings)
        case "doctor":
            return _doctor(settings, arguments)
        case "db":
            from codezest.cli.db import db

            return db(settings, arguments)
        case "content":
            with loading():
                from codezest.cli.content import content

            return content(settings, arguments)
        case "grade":
            from codezest.cli.grade import grade

            return grade(settings, arguments)
        case "grade reproduce":
            with loading():
                from codezest.cli.reproduce import run_reproduce

            return run_reproduce(settings, arguments)
        case "regrade":
            with loading():
                from codezest.cli.regrade import run_regrade

            return run_regrade(settings, arguments)
        case "users":
            with loading():
                from codezest.cli.users import users

            return users(settings, arguments)
        case _:
            from codezest.cli.reference import reference

            return reference(arguments)


if __name__ == "__main__":
    sys.exit(main())
