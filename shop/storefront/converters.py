"""Parts of an address that are names in the database, which keeps no text with a zero byte."""

from django.urls import register_converter


class Name:
    """A handle, between two slashes."""

    regex = r"[^/\0]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Sku(Name):
    """A SKU may have slashes."""

    regex = r"[^\0\n]+"


register_converter(Name, "name")
register_converter(Sku, "sku")
