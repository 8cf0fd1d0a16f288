"""Reading a PDF as a person would copy its text."""

from pypdfium2 import PdfDocument


def text_of(pdf: bytes) -> str:
    """The text of all pages, line by line."""
    pages = PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def place_of(pdf: bytes, letter: str) -> float:
    """Return the distance of the first such letter of the first page from the left, in points."""
    page = PdfDocument(pdf)[0].get_textpage()
    at = page.get_text_range().index(letter)
    return page.get_charbox(at)[0]
