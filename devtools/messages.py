"""`python -m devtools.messages` (`make messages`): the catalogue of all texts that are translated.

Collects what the code and the templates mark for translation, brings the catalogue of every
language up to date, and compiles it. With --check it writes nothing, and exits with 1, a line for
each reason, when a catalogue lacks a text, has one that nobody uses, or is compiled from an older
state. Needs neither a database nor gettext's programs: Babel reads and writes the files.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from shop.settings import OUR_PACKAGES

PROJECT = Path(__file__).resolve().parent.parent
LOCALES = PROJECT / "shop" / "locale"
#: Django's names for gettext's functions, with which arguments are texts.
KEYWORDS = {
    name + suffix: arguments
    for name, arguments in {
        "_": None,
        "gettext": None,
        "gettext_noop": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for suffix in ("", "_lazy")
}


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit status."""
    texts = collect()
    if "--check" in arguments:
        faults = [fault for file in _catalogues() for fault in faults_of(file, texts)]
        sys.stderr.writelines(f"{fault}\n" for fault in faults)
        return int(bool(faults))
    for file in _catalogues():
        update(file, texts)
        sys.stdout.writelines(f"{fault}\n" for fault in faults_of(file, texts))
    return 0


def collect() -> Catalog:
    """Collect every text marked for translation, with where it stands."""
    texts = Catalog(charset="utf-8")
    for file in _sources():
        for line, message, _, context in extract("python", _as_python(file), keywords=KEYWORDS):
            place = (str(file.relative_to(PROJECT)), line)
            texts.add(message, context=context, locations=[place])
    return texts


def faults_of(file: Path, texts: Catalog) -> Iterator[str]:
    """Return what is wrong with a language's catalogue, a line each."""
    known, name = _read(file), file.relative_to(PROJECT)
    for text in _messages(texts):
        translated = known.get(text.id, text.context)
        if translated is None or not _complete(translated):
            where = ":".join(map(str, text.locations[0]))
            yield f"{name}: not translated: {text.id!r} ({where})"
        elif translated.fuzzy:
            yield f"{name}: marked as doubtful: {text.id!r}"
        else:
            yield from (f"{name}: {text.id!r}: {error}" for error in translated.check(known))
    for text in _messages(known):
        if texts.get(text.id, text.context) is None:
            yield f"{name}: nobody uses {text.id!r}"
    if not _compiled(file).exists() or _compiled(file).read_bytes() != _as_mo(known):
        yield f"{_compiled(file).relative_to(PROJECT)}: not compiled from the catalogue"


def update(file: Path, texts: Catalog) -> None:
    """Add what is new, drop what nobody uses, and compile."""
    known = _read(file)
    # A catalogue without news stays as it is, to the byte.
    texts.creation_date = known.creation_date
    known.update(texts, no_fuzzy_matching=True)
    known.obsolete.clear()
    with file.open("wb") as po:
        write_po(po, known, width=100, include_lineno=False, sort_output=True)
    _compiled(file).write_bytes(_as_mo(known))


def _sources() -> Iterator[Path]:
    """Yield the files of our apps that hold texts for people."""
    for app in OUR_PACKAGES:
        for kind in ("*.py", "*.html", "templates/**/*.txt"):
            yield from sorted((PROJECT / app).glob(f"**/{kind}"))


def _as_python(file: Path) -> BytesIO:
    """Return the file as Babel reads it; a template as Django translates it for gettext."""
    # Django's settings are needed by nothing else here.
    from django.utils.translation.template import templatize

    source = file.read_text()
    if file.suffix != ".py":
        # Templates indent as they please, Python does not.
        source = "\n".join(line.strip() for line in templatize(source).split("\n"))
    return BytesIO(source.encode())


def _catalogues() -> list[Path]:
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def _compiled(file: Path) -> Path:
    return file.with_suffix(".mo")


def _read(file: Path) -> Catalog:
    with file.open("rb") as po:
        return read_po(po, locale=file.parent.parent.name)


def _as_mo(catalog: Catalog) -> bytes:
    compiled = BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _complete(message: Message) -> bool:
    string = message.string
    texts = [string] if isinstance(string, str) else string or []
    return bool(texts) and all(texts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
