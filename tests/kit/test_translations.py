"""The catalogues fit the sources, the tool finds what does not, and numbers, times and plurals are the reader's."""

import datetime as dt
import importlib
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_datetime, format_time, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from codezest.kit import i18n
from codezest.kit.clock import now
from codezest.kit.errors import NotFound
from codezest.kit.i18n import CATALOGUES, READER, Reader, choose_locale
from codezest.services.auth.letters import verification
from codezest.services.auth.letters_account import deletion_requested
from codezest_db.models.auth import User

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools"
MOMENT = dt.datetime(2026, 1, 31, 22, 30, tzinfo=dt.UTC)
SOURCE = """\
msgid "One of %(total)s <b>here</b>"
msgstr ""

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] ""
msgstr[1] ""
"""
HEADER = 'msgid ""\nmsgstr ""\n"Language: es\\n"\n"Plural-Forms: {rule};\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
SOUND = """\
msgid "One of %(total)s <b>here</b>"
msgstr "Uno de %(total)s <b>aquí</b>"

msgid "%(num)s day"
msgid_plural "%(num)s days"
msgstr[0] "%(num)s día"
msgstr[1] "%(num)s días"
"""


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """tools/translations.py, which writes below a folder of the test's own when that sets CATALOGUES."""
    monkeypatch.syspath_prepend(str(TOOLS))
    names = {path.stem for path in TOOLS.glob("*.py")}
    yield importlib.import_module("translations")
    for name in names & sys.modules.keys():
        del sys.modules[name]


def catalogue(entries: str, rule: str = "nplurals=2; plural=(n != 1)") -> Catalog:
    return read_po(BytesIO((HEADER.format(rule=rule) + entries).encode()), locale="es")


def read_instead(source: str, tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the tool find these messages in place of those of the sources."""

    def read_sources(_root: Path) -> Catalog:
        return catalogue(source)

    monkeypatch.setattr(tool, "read_sources", read_sources)


def faults(tool: ModuleType, entries: str, **options: str) -> list[str]:
    return [*tool.faults_of(catalogue(entries, **options), catalogue(SOURCE))]


def test_sources_and_catalogues_fit_together() -> None:
    checked = subprocess.run(
        [sys.executable, TOOLS / "translations.py", "check"], capture_output=True, text=True, check=False
    )
    assert checked.stderr == ""
    assert checked.returncode == 0


def test_the_languages_are_offered() -> None:
    assert {"en", "es", "hi"} <= set(i18n.available_locales())
    for path in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        assert len(i18n.read_catalogue(path).info()) > 0


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (SOUND.replace("%(total)s <b>aquí", "%(todo)s <b>aquí"), "has other placeholders or markup"),
        (SOUND.replace("<b>aquí</b>", "aquí"), "has other placeholders or markup"),
        (SOUND.replace("%(num)s días", "días"), "has other placeholders or markup"),
        (SOUND.replace('msgstr[1] "%(num)s días"', 'msgstr[1] ""'), "is not translated"),
        (SOUND.replace('"Uno de %(total)s <b>aquí</b>"', '""'), "is not translated"),
        (SOUND.replace("Uno de", " Uno de"), "begins or ends with other space"),
        ("#, fuzzy\n" + SOUND, "is fuzzy"),
        (SOUND.split("\n\n", maxsplit=1)[0], "is missing"),
        (SOUND + '\nmsgid "Gone"\nmsgstr "Ido"\n', "stands in no source any more"),
        (SOUND + '\n#~ msgid "Gone"\n#~ msgstr "Ido"\n', "is kept though obsolete"),
    ],
    ids=[
        "other name",
        "no markup",
        "no number",
        "one form",
        "empty",
        "space",
        "fuzzy",
        "missing",
        "left over",
        "obsolete",
    ],
)
def test_a_fault_is_named(tool: ModuleType, entries: str, said: str) -> None:
    assert [said in fault for fault in faults(tool, entries)] == [True]


def test_a_sound_catalogue_has_no_faults(tool: ModuleType) -> None:
    assert faults(tool, SOUND) == []


@pytest.mark.parametrize("rule", ["nplurals=2; plural=(n > 1)", "nplurals=1; plural=0", "nplurals=2; plural=(n > 5)"])
def test_a_plural_rule_of_another_language_is_a_fault(tool: ModuleType, rule: str) -> None:
    assert any("plural rule" in fault for fault in faults(tool, SOUND, rule=rule))


def test_an_update_keeps_adds_and_drops(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "CATALOGUES", tmp_path)
    path = tool.path_of("es")
    path.parent.mkdir(parents=True)
    path.write_text(
        HEADER.format(rule="nplurals=2; plural=(n != 1)")
        + SOUND
        + '\nmsgid "Nothing was changed here"\nmsgstr "Nada"\n\nmsgid "Quite another"\nmsgstr "Otro"\n'
    )
    new = SOURCE + '\nmsgid "Nothing was changed there"\nmsgstr ""\n\nmsgid "Brand new"\nmsgstr ""\n'
    read_instead(new, tool, monkeypatch)
    tool.update(["es"])
    updated = tool.load("es")
    assert updated.get("%(num)s day").string == ("%(num)s día", "%(num)s días")
    assert updated.get("Brand new").string == ""
    assert "Quite another" not in updated
    changed = updated.get("Nothing was changed there")
    assert (changed.string, changed.fuzzy) == ("Nada", True)
    written = path.read_bytes()
    tool.update(["es"])
    assert path.read_bytes() == written
    assert i18n.read_catalogue(path).gettext("Nothing was changed there") == "Nothing was changed there"


def test_a_filled_in_list_becomes_translations(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "CATALOGUES", tmp_path)
    read_instead(SOURCE, tool, monkeypatch)
    tool.update(["es"])
    tool.todo([])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["es\t\tOne of %(total)s <b>here</b>\t", "es\t\t%(num)s day\t\t"]
    filled = tmp_path / "filled.tsv"
    filled.write_text(
        f"es\t\t%(num)s day\t%(num)s día\t%(num)s días\n{lines[0]}Uno de %(total)s\nes\t\tElsewhere\tOtro\n"
    )
    assert tool.main(["apply", str(filled)]) == 1
    assert "'Elsewhere': not in the sources" in capsys.readouterr().err
    assert tool.load("es").get("One of %(total)s <b>here</b>").string == "Uno de %(total)s"
    assert [*tool.waiting("es", catalogue(SOURCE))] == []


TEMPLATE = """\
{% extends "layout.html" %}
{% block title %}{{ _("Said") }}{% endblock %}
{# A remark that nobody sees #}
<p class="lead" title="Seen by some">Left alone {{ name }}</p>
<code>print</code> {{ button(_("Fine"), kind="primary") }} {{ button("Save the page") }}
<input placeholder="{{ _("Fine too") }}"{% if wide %} data-wide{% endif %}>
"""


def test_text_that_is_not_translated_is_found(tool: ModuleType) -> None:
    find = importlib.import_module("unwrapped_text")
    assert [*find.in_template(TEMPLATE)] == [(4, "Seen by some"), (4, "Left alone"), (5, "Save the page")]
    page = '"""What it does, in words."""\n_("Your work is saved.")\nflash = "Your work is not saved."\nkey = "a-key"\n'
    assert [*find.in_page(page)] == [(3, "Your work is not saved.")]


def test_titles_of_errors_are_found(tool: ModuleType) -> None:
    template = tool.read_sources(ROOT)
    assert NotFound.title in template
    assert NotFound.default_detail in template
    assert template.get("open", context="key") is not None


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ["0 days", "1 day", "2 days", "5 days"]),
        ("es", ["0 días", "1 día", "2 días", "5 días"]),
        ("hi", ["0 दिन", "1 दिन", "2 दिन", "5 दिन"]),
    ],
)
def test_plurals_of_days(locale: str, said: list[str]) -> None:
    reader = Reader(locale)
    counted = [reader.ngettext("%(num)s day", "%(num)s days", number) % {"num": number} for number in (0, 1, 2, 5)]
    assert counted == said


def test_hindi_counts_nothing_as_one() -> None:
    codes = ("%(num)s code is left.", "%(num)s codes are left.")
    counted = [Reader("hi").ngettext(*codes, number) % {"num": number} for number in (0, 1, 2)]
    assert counted == ["0 कोड बचा है।", "1 कोड बचा है।", "2 कोड बचे हैं।"]


def test_dates_numbers_and_lists_are_written_as_the_locale_has_them() -> None:
    assert "31 ene 2026" in Reader("es", "America/Bogota").datetime(MOMENT)
    assert Reader("hi", "Asia/Kolkata").date(MOMENT) == "1 फ़र॰ 2026"
    assert Reader("es").number(12345.5) == "12.345,5"
    assert Reader("hi").number(1234567) == "12,34,567"
    assert Reader("es").percent(45) == "45\xa0%"
    assert [Reader(locale).listed("ABC") for locale in ("en", "es", "hi")] == ["A, B, and C", "A, B y C", "A, B, और C"]
    assert Reader("es").relative_time(now() - dt.timedelta(hours=4)) == "hace 4 horas"
    assert Reader("hi").relative_time(now() + dt.timedelta(days=2)) == "2 दिन में"


def test_the_same_word_in_two_places_may_differ() -> None:
    assert (Reader("es").gettext("open"), Reader("es").pgettext("key", "open")) == ("sin responder", "abrir")
    assert Reader("en").pgettext("key", "open") == "open"
    assert Reader("es").gettext("") == ""


@pytest.mark.parametrize(
    ("preferred", "header", "chosen"),
    [
        (None, "es-MX,en;q=0.5", "es"),
        (None, "en;q=0.4, hi;q=0.9", "hi"),
        (None, "fr, es;q=0", "en"),
        (None, "fr-FR, hi-IN;q=0.2", "hi"),
        ("es-AR", "hi", "es"),
        ("fr", "hi", "hi"),
        (None, "*, ;;q=, es;q=x", "en"),
        ("../../etc", "", "en"),
    ],
    ids=["region", "quality", "refused", "second", "account", "account unknown", "unreadable", "path"],
)
def test_the_language_is_the_best_that_is_asked_for(preferred: str | None, header: str, chosen: str) -> None:
    assert choose_locale(preferred, header) == chosen


@pytest.mark.parametrize("locale", ["es", "es-MX"])
def test_letters_speak_the_language_of_whoever_gets_them(locale: str) -> None:
    user = User(email="ada@codezest.example", locale=locale, timezone="Asia/Kolkata")
    assert verification(user, "https://codezest.example/verify").subject == "Confirma tu correo electrónico"
    assert "1 feb 2026" in deletion_requested(user, MOMENT, "https://codezest.example/account/data").text


def test_an_error_speaks_the_language_of_whoever_reads_it() -> None:
    token = READER.set(Reader("hi"))
    try:
        problem = NotFound().problem()
    finally:
        READER.reset(token)
    assert (problem["type"], problem["title"]) == ("urn:codezest:problem:not-found", "नहीं मिला")
    assert NotFound().problem()["title"] == "Not found"


def test_spans_and_moments_are_told_as_the_library_tells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of them stands for many: no span, and no minute of a day, may be told as its neighbour."""
    moment = dt.datetime(2026, 3, 28, 22, 40, 31, tzinfo=dt.UTC)
    monkeypatch.setattr(i18n, "now", lambda: moment)
    spans = {
        0,
        1,
        50,
        51,
        52,
        91,
        3_059,
        3_060,
        5_400,
        73_439,
        73_440,
        502_722,
        2_203_199,
        2_203_200,
        26_805_600,
        10**9,
    }
    for locale, zone in (("en", "UTC"), ("es", "Europe/Madrid"), ("hi", "Asia/Kolkata"), ("ar", "America/New_York")):
        reader = Reader(locale, zone)
        for span in sorted(spans | {-span for span in spans}):
            told = format_timedelta(span, add_direction=True, locale=locale)
            assert reader.relative_time(moment + dt.timedelta(seconds=span)) == told
            then = moment + dt.timedelta(seconds=span)
            assert reader.datetime(then) == format_datetime(
                then, "medium", tzinfo=ZoneInfo(zone), locale=locale
            ).replace(
                format_time(then, "medium", tzinfo=ZoneInfo(zone), locale=locale),
                format_time(then, "short", tzinfo=ZoneInfo(zone), locale=locale),
            )
