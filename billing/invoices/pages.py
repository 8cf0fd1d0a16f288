"""An invoice on paper: A4 pages as PDF.

The font has the letters of Europe's languages; `fonts` knows which have others. What none of them
has is printed as a question mark.
"""

import unicodedata
from collections.abc import Container, Sequence
from importlib.resources import files

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, TextEmphasis
from fpdf.fonts import FontFace, TTFFont

from billing.invoices.content import Content
from billing.invoices.fonts import fonts_for, need_shaping

FONT = "Roboto"
#: In points, and in millimetres.
SMALL, NORMAL, LARGE = 9, 10, 20
LINE = 5
GREY = (90, 90, 90)


class _Pages(FPDF):
    """Pages with a number at the foot of each."""

    def normalize_text(self, text: str) -> str:
        known = [font.cmap for font in self.fonts.values() if isinstance(font, TTFFont)]
        return super().normalize_text("".join(_printable(letter, known) for letter in text))

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FONT, size=SMALL)
        self.set_text_color(*GREY)
        self.cell(0, LINE, f"{self.page_no()} / {{nb}}", align=Align.C)
        self.set_text_color(0)


def _printable(letter: str, fonts: Sequence[Container[int]]) -> str:
    if letter.isspace() or any(ord(letter) in font for font in fonts):
        return letter
    # A mark on a letter, or what joins two, is not missed.
    return "" if unicodedata.category(letter)[0] in "MC" else "?"


def pdf_of(content: Content, language: str) -> bytes:
    """Return the invoice as a PDF file."""
    pages = _empty(content, language)
    _head(pages, content)
    _facts(pages, content)
    _items(pages, content)
    _sums(pages, content)
    _taxes(pages, content)
    pages.ln(LINE)
    pages.multi_cell(0, LINE, content.closing, new_x="LMARGIN", new_y="NEXT")
    return bytes(pages.output())


def _empty(content: Content, language: str) -> _Pages:
    pages = _Pages()
    fonts = files("font_roboto") / "files"
    pages.add_font(FONT, fname=str(fonts / "Roboto-Regular.ttf"))
    pages.add_font(FONT, style="B", fname=str(fonts / "Roboto-Bold.ttf"))
    _add_others(pages, content)
    pages.set_title(content.title)
    pages.set_author(content.seller[0])
    pages.set_lang(language)
    pages.set_creation_date(content.issued_at)
    pages.set_margins(20, 20)
    pages.set_auto_page_break(True, margin=20)
    pages.add_page()
    pages.set_font(FONT, size=NORMAL)
    return pages


def _add_others(pages: _Pages, content: Content) -> None:
    """Add fonts for what the first has not; only these, for they are large."""
    first = pages.fonts[FONT.lower()]
    known = first.cmap if isinstance(first, TTFFont) else {}
    lacking = {each for each in content.letters if not each.isspace() and ord(each) not in known}
    others = fonts_for(lacking, content.country) if lacking else {}
    for name, path in others.items():
        pages.add_font(name, fname=str(path))
    if others:
        pages.set_fallback_fonts(list(others), exact_match=False)
        pages.set_text_shaping(need_shaping(lacking))


def _head(pages: _Pages, content: Content) -> None:
    """Write who sells, what this is, and who bought."""
    pages.set_text_color(*GREY)
    _lines(pages, content.seller)
    pages.set_text_color(0)
    pages.ln(2 * LINE)
    pages.set_font(FONT, style="B", size=LARGE)
    pages.multi_cell(0, 2 * LINE, content.title, new_x="LMARGIN", new_y="NEXT")
    pages.set_font(FONT, size=NORMAL)
    pages.ln(LINE)
    _lines(pages, content.buyer)


def _lines(pages: _Pages, lines: list[str]) -> None:
    for line in lines:
        pages.multi_cell(0, LINE, line, new_x="LMARGIN", new_y="NEXT")


def _facts(pages: _Pages, content: Content) -> None:
    pages.ln(LINE)
    rows = [(f"{name}:", value) for name, value in content.facts]
    _table(pages, rows, widths=(1, 2), align=(Align.L, Align.L), headings=0)


def _items(pages: _Pages, content: Content) -> None:
    pages.ln(LINE)
    align = (Align.L, Align.R, Align.R, Align.R, Align.R)
    _table(pages, content.items, widths=(8, 2, 3, 2, 3), align=align)


def _sums(pages: _Pages, content: Content) -> None:
    pages.ln(LINE / 2)
    rows = [(total.label, total.amount) for total in content.sums]
    strong = [total.strong for total in content.sums]
    _table(pages, rows, widths=(15, 3), align=(Align.R, Align.R), headings=0, strong=strong)


def _taxes(pages: _Pages, content: Content) -> None:
    if content.taxes:
        pages.ln(LINE)
        align = (Align.L, Align.R, Align.R, Align.R)
        _table(pages, content.taxes, widths=(6, 4, 4, 4), align=align)


def _table(
    pages: _Pages,
    rows: Sequence[tuple[str, ...]],
    *,
    widths: tuple[int, ...],
    align: tuple[Align, ...],
    headings: int = 1,
    strong: list[bool] | None = None,
) -> None:
    """Write rows of text; the headings are repeated on each page."""
    lines = TableBordersLayout.HORIZONTAL_LINES if headings else TableBordersLayout.NONE
    bold = FontFace(emphasis=TextEmphasis.B)
    with pages.table(
        col_widths=widths,
        text_align=align,
        borders_layout=lines,
        headings_style=bold,
        num_heading_rows=headings,
        first_row_as_headings=bool(headings),
        line_height=LINE + 1,
    ) as table:
        for number, row in enumerate(rows):
            table.row(row, style=bold if strong and strong[number] else None)
