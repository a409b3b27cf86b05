"""Secrets at rest: only their purpose opens them, and only under a key that is configured."""

import pytest

from codezest.kit.sealing import SealBroken, Sealer, sealer_for
from codezest.kit.settings import Settings

OLD, NEW = b"the former secret key of this site", b"the secret key of this site today"


def test_what_is_sealed_is_opened_again_and_never_looks_the_same() -> None:
    sealer = Sealer([NEW])
    sealed = [sealer.seal("totp:1", b"secret") for _ in range(3)]
    assert len(set(sealed)) == 3
    assert all(sealer.open("totp:1", one) == b"secret" for one in sealed)
    assert all(b"secret" not in one for one in sealed)


def test_another_purpose_does_not_open_it() -> None:
    sealer = Sealer([NEW])
    with pytest.raises(SealBroken):
        sealer.open("totp:2", sealer.seal("totp:1", b"secret"))


@pytest.mark.parametrize("at", range(0, 39, 3))
def test_a_changed_byte_does_not_pass(at: int) -> None:
    sealer = Sealer([NEW])
    sealed = bytearray(sealer.seal("totp:1", b"secret"))
    sealed[at] ^= 1
    with pytest.raises(SealBroken):
        sealer.open("totp:1", bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 5, 17, 20])
def test_a_value_cut_short_does_not_pass(length: int) -> None:
    sealer = Sealer([NEW])
    with pytest.raises(SealBroken):
        sealer.open("totp:1", sealer.seal("totp:1", b"secret")[:length])


def test_a_former_key_opens_and_the_current_one_seals() -> None:
    before, after = Sealer([OLD]), Sealer([NEW, OLD])
    sealed = before.seal("totp:1", b"secret")
    assert after.open("totp:1", sealed) == b"secret"
    assert not after.is_current(sealed)
    renewed = after.seal("totp:1", b"secret")
    assert after.is_current(renewed)
    assert Sealer([NEW]).open("totp:1", renewed) == b"secret"
    with pytest.raises(SealBroken):
        Sealer([NEW]).open("totp:1", sealed)


def test_the_settings_name_the_keys() -> None:
    before = Settings(secret_key=OLD.decode())
    after = Settings(secret_key=NEW.decode(), former_secret_keys=f" {OLD.decode()} ,")
    assert sealer_for(after).open("totp:1", sealer_for(before).seal("totp:1", b"secret")) == b"secret"
    assert OLD.decode() not in repr(after)
