"""The catalogue of each language is complete, and says so when it is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from devtools import messages

#: Gaps, as Python and Django fill them, and elements.
GAPS = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|{\w+}|</?\w+[^>]*>")
LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return messages.collect()


@pytest.fixture
def file(tmp_path, monkeypatch) -> Path:
    """A catalogue of one text, complete and compiled."""
    monkeypatch.setattr(messages, "PROJECT", tmp_path)
    file = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as po:
        write_po(po, Catalog(locale="de"))
    change(file, "%(count)d mugs", "%(count)d Tassen")
    return file


def change(file: Path, text: str, translated: str, *, compiled: bool = True, **kinds) -> None:
    """Write a translation into the catalogue."""
    with file.open("rb") as po:
        catalog = read_po(po, locale="de")
    catalog.delete(text)
    catalog.add(text, translated, **kinds)
    with file.open("wb") as po:
        write_po(po, catalog)
    if compiled:
        file.with_suffix(".mo").write_bytes(messages._as_mo(messages._read(file)))


def faults(file: Path, *used: str) -> list[str]:
    """Return what is wrong with the catalogue of a shop that uses these texts."""
    wanted = Catalog()
    for text in used:
        wanted.add(text, locations=[("mugs.py", 1)])
    return list(messages.faults_of(file, wanted))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(texts, language):
    assert list(messages.faults_of(_catalogue(language), texts)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_the_gaps_and_elements_of_its_text(language):
    for text, translated in _pairs(messages._read(_catalogue(language))):
        assert sorted(GAPS.findall(translated)) == sorted(GAPS.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_that_is_counted_is_translated_for_each_number(language):
    catalog = messages._read(_catalogue(language))
    counted = [message for message in messages._messages(catalog) if message.pluralizable]
    assert counted
    assert {len(message.string) for message in counted} == {catalog.num_plurals}


def test_complete_catalogue_has_no_faults(file):
    assert faults(file, "%(count)d mugs") == []


def test_text_without_a_translation_is_named_with_its_place(file):
    change(file, "A pot", "")
    [pot, jug] = faults(file, "%(count)d mugs", "A pot", "A jug")
    assert "not translated: 'A pot' (mugs.py:1)" in pot
    assert "not translated: 'A jug' (mugs.py:1)" in jug


def test_doubtful_translation_is_named(file):
    change(file, "A pot", "Ein Topf", flags=["fuzzy"])
    assert any("doubtful: 'A pot'" in fault for fault in faults(file, "%(count)d mugs", "A pot"))


def test_text_that_nobody_uses_is_named(file):
    assert any("nobody uses '%(count)d mugs'" in fault for fault in faults(file))


def test_translation_with_another_gap_is_named(file):
    change(file, "%(count)d mugs", "%(number)d Tassen")
    assert any("%(count)d mugs" in fault for fault in faults(file, "%(count)d mugs"))


def test_catalogue_that_is_compiled_from_an_older_state_is_named(file):
    change(file, "%(count)d mugs", "%(count)d Becher", compiled=False)
    [fault] = faults(file, "%(count)d mugs")
    assert "not compiled" in fault


def _catalogue(language: str) -> Path:
    return messages.LOCALES / language / "LC_MESSAGES" / "django.po"


def _pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Each translation with the text it is of; those for several with the plural."""
    for message in messages._messages(catalog):
        if message.pluralizable:
            yield from zip(message.id, message.string, strict=True)
        else:
            yield message.id, message.string
