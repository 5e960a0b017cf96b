"""The catalogue of texts: complete in three languages, and the only place where screens get words from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intake109.queue.decisions import Dismissal, Outcome
from intake109.review_ui.i18n import LANGUAGES, preferred, words
from intake109.store.people import ROLES

ROOM = Path(__file__).parents[2] / "intake109" / "review_ui"
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOM / "static" / "js").glob("*.js"))
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def test_every_text_exists_in_every_language() -> None:
    keys = {language: {key for key in words(language).texts if not _is_plural(key)} for language in LANGUAGES}

    assert keys["kk"] == keys["ru"] == keys["en"]


def test_a_text_has_the_same_placeholders_in_every_language() -> None:
    russian = words("ru").texts

    differing = [
        (language, key)
        for language in ("kk", "en")
        for key, text in words(language).texts.items()
        if key in russian and set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(russian[key]))
    ]

    assert differing == []


def test_no_text_is_empty() -> None:
    assert [(one, key) for one in LANGUAGES for key, text in words(one).texts.items() if not text.strip()] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_asks_only_for_texts_that_exist(template: Path) -> None:
    asked = set(re.findall(r"""\bt\("([a-z0-9_.]+)"[,)]""", template.read_text(encoding="utf-8")))

    assert {key for key in asked if key not in words("ru").texts} == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_words_of_its_own(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"\{% block \w*class %\}.*?\{% endblock %\}", " ", text)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    bare = re.sub(r"<[^>]*>|&\w+;|[\w-]+=\"[^\"]*\"", " ", text)
    shown = re.findall(r"""(?:title|placeholder|aria-label|alt)="([^"]*)\"""", text)

    assert re.findall(r"[^\W\d_]{2,}", bare) == []
    assert [one for one in shown if re.search(r"[^\W\d_]{2,}", one) and not one.startswith("http")] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert re.findall(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|javascript:", text) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_asks_only_for_texts_that_exist(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    asked = set(re.findall(r'\bword\("(\w+)"', text))

    assert {key for key in asked if f"js.{key}" not in words("ru").texts} == set()
    assert not re.search(r"[а-яёәғқңөұүһі]", text, re.IGNORECASE)
    assert len(text.splitlines()) <= 300


def test_every_code_shown_on_a_screen_has_its_name() -> None:
    codes = [
        *(f"outcome.{one}" for one in Outcome),
        *(f"js.{one}" for one in Outcome),
        *(f"reason.{one}" for one in Dismissal),
        *(f"role.{one}" for one in ROLES),
    ]

    assert [code for code in codes if code not in words("ru").texts] == []


@pytest.mark.parametrize(
    ("n", "shown"), [(1, "1 заявитель"), (3, "3 заявителя"), (11, "11 заявителей"), (21, "21 заявитель")]
)
def test_russian_counts_by_its_own_rules(n: int, shown: str) -> None:
    assert words("ru").count("similar.reporters", n) == shown


@pytest.mark.parametrize(
    ("header", "language"), [("kk-KZ,ru;q=0.8", "kk"), ("de,en-GB;q=0.5", "en"), ("", "ru"), ("zh", "ru")]
)
def test_the_browser_says_which_language_is_preferred(header: str, language: str) -> None:
    assert preferred(header) == language


def _is_plural(key: str) -> bool:
    return key.rsplit(".", 1)[-1] in {"one", "few", "many", "other"} and not key.startswith(
        ("error.", "platform.", "keys.")
    )
