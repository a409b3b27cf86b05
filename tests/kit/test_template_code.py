"""Templates with what is known beforehand put in: the page says the same as if Jinja had looked everything up."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from jinja2 import DictLoader, FileSystemLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from codezest.kit import i18n, template_code
from codezest.kit.template_code import DRAWINGS, PageEnvironment, filled, shown

ICONS = """{%- macro icon(name, label=None) -%}<i class="{{ name }}"{% if label %} aria-label="{{ label }}"{% endif %}></i>{%- endmacro -%}"""


def environment(templates: Mapping[str, str], language: str = "en") -> PageEnvironment:
    made = PageEnvironment(
        language, loader=DictLoader({DRAWINGS[0]: ICONS, **templates}), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    names = cast("dict[str, object]", made.globals)
    names["_"] = names["gettext"] = message
    names["static"] = address
    return made


def message(text: str, /, **values: Any) -> Markup:
    return filled(i18n.gettext(text), values)


def address(name: str) -> str:
    return f"/static/build/{name}"


def same(text: str) -> str:
    return text


def said(template: str, language: str = "en", **values: Any) -> str:
    return environment({"page.html": template}, language).get_template("page.html").render(values)


def test_a_page_says_its_messages_in_its_own_language() -> None:
    page = '<p>{{ _("Search") }}</p><b title="{{ _("Search") }}">{{ [_("Search")]|join }}</b>'
    spanish = i18n.Reader("es").gettext("Search")
    assert spanish != "Search"
    for language, word in (("en", "Search"), ("es", spanish)):
        assert said(page, language) == f'<p>{word}</p><b title="{word}">{word}</b>'


def test_the_values_of_a_message_are_escaped_and_its_own_text_is_not() -> None:
    page = '{{ _("<b>%(name)s</b> has 5%%", name=name) }}|{{ upper(_("<b>%(name)s</b> has 5%%", name=name)) }}'
    assert said(page, name="<i>", upper=same) == "<b>&lt;i&gt;</b> has 5%|<b>&lt;i&gt;</b> has 5%"
    assert said(page, name=Markup("<i>"), upper=same) == "<b><i></b> has 5%|<b><i></b> has 5%"


def test_a_message_that_counts_upon_a_form_gets_it() -> None:
    assert filled("%(share).1f %%", {"share": 1}) == "1.0 %"
    with pytest.raises(KeyError):
        filled("%(name)s", {})


def test_a_drawing_known_beforehand_is_the_one_asked_for_in_the_page() -> None:
    head = '{% from "components/icon.html" import icon as draw %}'
    known = said(head + '{{ draw("sun") }}{{ draw("moon", _("Close")) }}')
    asked = said(head + "{{ draw(first) }}{{ draw(second, label) }}", first="sun", second="moon", label="Close")
    named = said(head + '{{ draw("sun") }}{{ draw("moon", label="Close") }}')
    assert known == asked == named == '<i class="sun"></i><i class="moon" aria-label="Close"></i>'


def test_a_label_of_the_same_letters_is_escaped_though_another_was_markup() -> None:
    made = environment({"page.html": '{% from "components/icon.html" import icon %}{{ icon(name, label) }}'})
    page = made.get_template("page.html")
    assert "a&amp;b" in page.render(name="sun", label=Markup("a&amp;b"))
    assert "a&amp;amp;b" in page.render(name="sun", label="a&amp;b")


def test_macros_take_what_they_are_called_with() -> None:
    page = """{% macro card(title, level=2, attrs={}) %}<h{{ level }}{{ attrs|xmlattr }}>{{ title }}</h{{ level }}>{{ caller() }}{% endmacro -%}
{% for name in names %}{% call card(name, attrs={"id": loop.index}) %}{{ static("a.css") }}{% endcall %}{% endfor %}"""
    expected = '<h2 id="1">A&amp;B</h2>/static/build/a.css<h2 id="2">C</h2>/static/build/a.css'
    assert said(page, names=["A&B", "C"]).strip() == expected


def test_a_mapping_is_asked_for_its_values_before_its_methods_but_not_instead_of_them() -> None:
    page = "{{ row.title }}{% for key, value in row.items() %} {{ key }}={{ value }}{% endfor %}"
    assert said(page, row={"title": "T", "items": [1]}) == "T title=T items=[1]"


@pytest.mark.parametrize(
    "page", ["{{ nobody }}", "{{ nobody() }}", "{{ row.nobody }}", '{{ _("%(name)s", name=nobody) }}']
)
def test_what_is_undefined_is_still_an_error(page: str) -> None:
    with pytest.raises(UndefinedError):
        said(page, row={})


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "a"), ("<&\"'>", "&lt;&amp;&#34;&#39;&gt;"), (Markup("<b>"), "<b>"), (7, "7"), (True, "True"), (None, "None"), (["<"], "[&#39;&lt;&#39;]")],
    ids=["plain", "special", "markup", "number", "truth", "none", "list"],
)  # fmt: skip
def test_a_value_is_shown_as_jinja_would(value: Any, text: str) -> None:
    assert shown(value) == text


def test_a_changed_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_code, "LOOK_AGAIN_SECONDS", 0.0)
    file = tmp_path / "page.html"
    file.write_text("before")
    made = PageEnvironment("en", loader=FileSystemLoader(tmp_path), autoescape=True, auto_reload=True)
    assert made.get_template("page.html").render() == "before"
    file.write_text("after")
    os.utime(file, (1, 1))
    assert made.get_template("page.html").render() == "after"
