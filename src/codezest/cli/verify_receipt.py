"""`codezest verify-receipt`: whether a receipt holds, by nothing but files."""

import argparse
import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, cast

from codezest.services.learning.receipts import (
    FORMAT,
    canonical,
    content_sha256,
    document_of,
    key_id_of,
    link_fault,
    sha256_of,
    signature_holds,
)

HOLDS, FAULTY, UNREADABLE = 0, 1, 2
LINE_LENGTH = 1_000


class UnreadableError(Exception):
    """What was given cannot be used; the message says why."""


def verify_receipt(arguments: argparse.Namespace) -> int:
    """Print one line a check. 0: all that could be checked holds; 1: something does not; 2: what was given is of no use."""
    try:
        receipt = _receipt(arguments.file)
        key = _key(arguments, receipt)
        checks = [_signature(receipt, key)]
        if arguments.source is not None:
            checks.append(_content(receipt, _sources(arguments.source, receipt)))
        if arguments.previous is not None:
            previous = _receipt(arguments.previous)
            checks.append(_link(receipt, previous, arguments))
    except UnreadableError as error:
        print(_plain(str(error)), file=sys.stderr)
        return UNREADABLE
    _print(
        f"Receipt {receipt.get('sequence')} of learner {receipt.get('user_id')}: submission {receipt.get('submission_id')}, "
        f"{str(receipt.get('purpose')).lower()}, received {receipt.get('received_at')}"
    )
    for holds, text in checks:
        _print(f"  {'ok  ' if holds else 'FAIL'}  {text}")
    return HOLDS if all(holds for holds, _ in checks) else FAULTY


def _print(text: str) -> None:
    print(_plain(text))


def _plain(text: str) -> str:
    """One line, whatever a forged receipt holds: no line of its own, no command to the terminal, nothing unprintable."""
    told = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return told if len(told) <= LINE_LENGTH else f"{told[:LINE_LENGTH]}…"


def _signature(receipt: Mapping[str, Any], key: bytes) -> tuple[bool, str]:
    if signature_holds(receipt, key):
        return True, f"signature: by key {key_id_of(key)}"
    if receipt.get("key_id") != key_id_of(key):
        return False, f"signature: made by key {receipt.get('key_id')}, and the key given is {key_id_of(key)}"
    return False, "signature: the receipt was changed after it was signed, or never signed by this key"


def _content(receipt: Mapping[str, Any], files: Mapping[str, str]) -> tuple[bool, str]:
    if content_sha256(files) == receipt.get("content_sha256"):
        return True, f"content: {', '.join(sorted(files))} is what was handed in"
    return False, f"content: {', '.join(sorted(files))} is not what was handed in"


def _link(receipt: Mapping[str, Any], previous: Mapping[str, Any], arguments: argparse.Namespace) -> tuple[bool, str]:
    fault = link_fault(receipt, previous)
    if fault is not None:
        return False, f"previous: {fault}"
    if not signature_holds(previous, _key(arguments, previous)):
        return False, "previous: its own signature does not hold"
    return True, f"previous: follows receipt {previous.get('sequence')}, {sha256_of(document_of(previous))[:16]}…"


def _receipt(path: Path) -> dict[str, Any]:
    """A receipt from its own file or from the answer to a submission, which holds it as `receipt`."""
    found = _object(path)
    inner: object = found.get("receipt", found)
    if not isinstance(inner, dict) or cast("dict[str, Any]", inner).get("format") != FORMAT:
        raise UnreadableError(f"{path} holds no receipt of the format {FORMAT}.")
    return cast("dict[str, Any]", inner)


def _object(path: Path) -> dict[str, Any]:
    try:
        found: object = json.loads(
            _text(path), parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_without_repetition
        )
        canonical(found)  # what cannot be written again cannot have been signed
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{path} is not JSON as receipts are written: {error}") from error
    if not isinstance(found, dict):
        raise UnreadableError(f"{path} is no JSON object.")
    return cast("dict[str, Any]", found)


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number} is no whole number")


def _without_repetition(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of which every reader reads the same."""
    found = dict(members)
    if len(found) < len(members):
        raise ValueError("an object has two members of one name")
    return found


def _text(path: Path) -> str:
    """A file as it is: line ends count."""
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{path} is not UTF-8.") from error
    except ValueError as error:  # a forged receipt may name a file that no file can be called
        raise UnreadableError(f"{path} cannot be read: {error}.") from error


def _key(arguments: argparse.Namespace, receipt: Mapping[str, Any]) -> bytes:
    """The public key that is to have signed this receipt."""
    if arguments.key is not None:
        return _public_key(arguments.key, "--key")
    if arguments.keys is None:
        raise UnreadableError(
            "Without the server's public key nothing is proven: give --key or --keys. GET /api/v1/receipts/keys answers "
            "with every key; keep them where you trust them."
        )
    keys: object = _object(arguments.keys).get("keys")
    for key in cast("list[object]", keys) if isinstance(keys, list) else []:
        entry = cast("dict[str, Any]", key) if isinstance(key, dict) else {}
        public = _public_key(str(entry.get("public_key", "")), str(arguments.keys))
        if key_id_of(public) == receipt.get("key_id"):
            return public
    raise UnreadableError(f"{arguments.keys} does not hold key {receipt.get('key_id')}, which signed the receipt.")


def _public_key(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise UnreadableError(f"{where}: {text[:60]!r} is no Ed25519 public key: 32 bytes in base64.")
    return key


def _sources(source: Path, receipt: Mapping[str, Any]) -> dict[str, str]:
    """What is to be compared: of a program of one file that file, whatever it is called; of several those in a folder."""
    named: object = receipt.get("files")
    paths = [str(path) for path in cast("list[object]", named)] if isinstance(named, list) else []
    if source.is_dir():
        for path in paths:
            if not _is_below(source, path):
                raise UnreadableError(f"The receipt names the file {path!r}, which is not below {source}.")
        return {path: _text(source / path) for path in paths}
    if len(paths) != 1:
        raise UnreadableError(f"The program has {len(paths)} files; give the folder they are in: {', '.join(paths)}")
    return {paths[0]: _text(source)}


def _is_below(folder: Path, path: str) -> bool:
    try:
        return (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle, a name that no file can have
        return False
