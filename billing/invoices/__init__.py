"""An invoice as people read it: its words in `content`, its pages in `pages`."""

from billing.invoices.content import content_of
from billing.invoices.pages import pdf_of

__all__ = ["content_of", "pdf_of"]
