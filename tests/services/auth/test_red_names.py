"""Names made to deceive: text that runs backwards, cannot be seen, or is taken for the platform's own."""

import httpx
import pytest

from codezest.services.auth.actions.two_step.finish_sign_in import CodeDue
from codezest.services.auth.rules import clean_given_name, clean_name
from codezest.services.auth.rules.names import clean_handle
from codezest.services.auth.schemas import LoginAnswer
from codezest.services.auth.schemas.tokens import ApiTokenMade
from codezest.services.auth.ways_in.rules import passkey_name
from codezest.services.auth.ways_in.schemas import PasskeyOptions, RecoveryCodes, SecondStepDue, TotpSetup
from fixtures.accounts import SignedIn
from services.auth.world import API, problem

INVISIBLE = ["200b", "200e", "200f", "202e", "2066", "2069", "061c", "feff", "2060", "00ad", "3164", "115f", "ffa0", "2800",
             "e0041", "180e", "fff9"]  # fmt: skip


@pytest.mark.parametrize("code", INVISIBLE)
@pytest.mark.parametrize("rule", [clean_name, clean_given_name, passkey_name])
def test_nothing_that_hides_or_turns_text_stands_in_a_name(rule: object, code: str) -> None:
    assert callable(rule)
    for name in (f"Ada{chr(int(code, 16))}King", chr(int(code, 16))):
        with pytest.raises(ValueError, match=r"^(Use|Leave|This|Please)"):
            rule(name)


@pytest.mark.parametrize(
    "name", ["Zoë", "O\u2019Brien", "अनु‌ष्का", "क्‍ष", "مریم‌السادات", "李雷", "Nguyễn", "Q. X. 3rd", "👩‍🔬 Ada"]
)
def test_names_of_all_the_world_are_taken(name: str) -> None:
    assert clean_given_name(name)


@pytest.mark.parametrize("name", ["‌", "‍‍", "Ada‌", "‍Ada", "A‌ ‌da"])
def test_a_joiner_joins_something(name: str) -> None:
    with pytest.raises(ValueError, match=r"^(Use|Leave|This|Please)"):
        clean_given_name(name)


@pytest.mark.parametrize(
    "handle",
    ["adm1n", "ADMlN", "ad-min", "sup-port", "supp0rt", "rnoderator", "code-zest", "c0dezest", "my-c0d3z3st", "C0DE-ZEST-team",
     "m0d3rat0r", "5taff", "\uff41dmin", "\u0430dmin", "admin\n", "sta-ff"],
)  # fmt: skip
def test_no_page_is_taken_for_the_platforms_own(handle: str) -> None:
    with pytest.raises(ValueError, match=r"^(Use|Leave|This|Please)"):
        clean_handle(handle)


@pytest.mark.parametrize(
    "handle", ["ada-king", "grace1906", "Tim-Me", "adele", "newton", "stafford", "zest-fan", "l33t-coder"]
)
def test_ordinary_names_are_free(handle: str) -> None:
    assert clean_handle(handle) == handle


@pytest.mark.parametrize("field", ["bio", "location"])
async def test_a_profile_cannot_turn_the_page_round(client: httpx.AsyncClient, student: SignedIn, field: str) -> None:
    answer = await client.patch(f"{API}/me/profile", json={field: "safe \u202e fas"}, headers=student.headers)
    problem(answer, 422, "validation-failed")
    right_to_left = await client.patch(f"{API}/me/profile", json={field: "مرحبا\u200f (a)"}, headers=student.headers)
    assert right_to_left.status_code == 200


@pytest.mark.parametrize(
    "held",
    [
        CodeDue(ceremony="hush"),
        SecondStepDue(ceremony="hush"),
        PasskeyOptions(ceremony="hush", options={}),
        TotpSetup(secret="hush", address="hush"),
        RecoveryCodes(codes=["hush"]),
        ApiTokenMade.model_construct(token="hush"),
        LoginAnswer.model_construct(token="hush"),
    ],
    ids=lambda held: type(held).__name__,
)
def test_what_is_handed_out_once_stands_in_no_message(held: object) -> None:
    assert "hush" not in repr(held)
