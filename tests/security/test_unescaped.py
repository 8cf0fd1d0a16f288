"""Every place of our code where text goes into a page as it is, with why that is safe.

A new one makes this fail until it is declared here, which somebody reads.
"""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.template.engine import Engine
from django.test import Client

from shop import settings as ours
from shop.settings import BASE_DIR, OUR_PACKAGES
from tests.unit.storefront.conftest import listed

#: By file and what does it: how often, and why nothing foreign gets through.
DECLARED = {
    ("notifications/templates/notifications/mail/base.txt", "autoescape off"): (
        1, "plain text, sent as text/plain and shown escaped"),
    ("shop/storefront/templates/storefront/product.html", "|cleaned"): (1, "cleaned by nh3"),
    ("shop/storefront/templates/storefront/seo.html", "|json_ld"): (1, "escaped by the filter"),
    ("shop/storefront/templatetags/storefront.py", "mark_safe"): (1, "cleaned by nh3"),
    ("shop/storefront/templatetags/seo.py", "mark_safe"): (1, "<, > and & are escaped"),
    ("notifications/views.py", "HttpResponse"): (
        1, "a mail's own HTML, rendered escaped, in a frame without scripts"),
    ("devtools/docs/workers.py", "Template"): (1, "Python's own: files for Kubernetes, no page"),
    ("shop/storefront/static/storefront/live.js", "innerHTML"): (
        2, "the order page's fragment, rendered by its template"),
    ("eventbus/console/static/console/live.js", "innerHTML"): (
        2, "regions of the page that it stands in, rendered by their templates"),
    ("eventbus/console/static/console/throughput.js", "innerHTML"): (1, "a text of its own"),
    ("eventbus/console/views/story.py", "HttpResponse"): (1, "rendered by its template"),
}  # fmt: skip

IN_TEMPLATES = re.compile(
    r"\|\s*(safe|safeseq|json_ld|cleaned|json_script|escapejs)\b|(autoescape\s+off)|(x-html|v-html)"
)
IN_SCRIPTS = re.compile(r"\.(innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc)\b")
#: Names that make text safe by saying so.
SAYING_SO = {
    "mark_safe",
    "SafeString",
    "SafeText",
    "html_safe",
    "__html__",
    "Template",
    "from_string",
}
FORMATTING = {"format_html", "format_html_join"}


def ours_with(*suffixes: str) -> list[Path]:
    """Files of the project that run: not its tests."""
    folders = [BASE_DIR / name for name in OUR_PACKAGES]
    found = [f for folder in folders for f in folder.rglob("*") if f.suffix in suffixes]
    return [file for file in found if "/migrations/" not in str(file)]


def in_templates() -> Counter:
    found = Counter()
    for file in ours_with(".html", ".txt", ".svg"):
        for match in IN_TEMPLATES.finditer(file.read_text()):
            name = "autoescape off" if match[2] else match[3] or f"|{match[1]}"
            found[str(file.relative_to(BASE_DIR)), name] += 1
    return found


def in_scripts() -> Counter:
    found = Counter()
    for file in ours_with(".js"):
        for match in IN_SCRIPTS.finditer(file.read_text()):
            found[str(file.relative_to(BASE_DIR)), match[1]] += 1
    return found


def in_code() -> Counter:
    found = Counter()
    for file in ours_with(".py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if name := _unescaped(node):
                found[str(file.relative_to(BASE_DIR)), name] += 1
    return found


def _unescaped(node: ast.AST) -> str:
    """Return what this piece of code puts into a page as it is, by name; empty for the others."""
    if isinstance(node, ast.FunctionDef):
        return node.name if node.name in SAYING_SO else _says_is_safe(node)
    if not isinstance(node, ast.Call):
        return ""
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    if name in FORMATTING:
        return "" if _is_fixed(node, name) else name
    if name == "HttpResponse":
        return "" if _is_no_page(node) else name
    return name if name in SAYING_SO else ""


def _says_is_safe(function: ast.FunctionDef) -> str:
    """A filter registered with is_safe, or whose autoescaping is its own affair."""
    words = {word.arg for deco in function.decorator_list for word in getattr(deco, "keywords", [])}
    return "is_safe" if words & {"is_safe", "needs_autoescape"} else ""


def _is_fixed(call: ast.Call, name: str) -> bool:
    """Return whether the format stands in the code, and no value is put together before."""
    format = call.args[name == "format_html_join"]
    return isinstance(format, ast.Constant) and all(
        not isinstance(arg, ast.JoinedStr) for arg in call.args
    )


def _is_no_page(call: ast.Call) -> bool:
    """Return whether an answer is empty, stands in the code, or is of another content type."""
    words = {word.arg: word.value for word in call.keywords}
    said = words.get("content_type")
    other = said is not None and not (isinstance(said, ast.Constant) and "html" in str(said.value))
    return other or not call.args or isinstance(call.args[0], ast.Constant)


def test_every_place_is_declared_clean():
    found = in_templates() + in_scripts() + in_code()
    assert found == {place: count for place, (count, _) in DECLARED.items()}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("mark_safe(x)", "mark_safe"),
        ("safestring.SafeString(x)", "SafeString"),
        ("format_html(f'<b>{x}</b>')", "format_html"),
        ("format_html('<b>' + x)", "format_html"),
        ("format_html(x)", "format_html"),
        ("format_html('<b>{}</b>', x)", ""),
        ("format_html_join(x, f'{y}', z)", "format_html_join"),
        ("HttpResponse(f'<b>{x}')", "HttpResponse"),
        ("HttpResponse(x, content_type='text/html')", "HttpResponse"),
        ("HttpResponse(x, content_type='text/csv')", ""),
        ("def __html__(self): pass", "__html__"),
        ("@register.filter(is_safe=True)\ndef f(x): pass", "is_safe"),
    ],
)
def test_each_way_to_say_so_is_seen(code, name):
    assert _unescaped(getattr(ast.parse(code).body[0], "value", ast.parse(code).body[0])) == name


def test_templates_escape_unless_they_say_otherwise():
    assert Engine.get_default().autoescape
    assert all("autoescape" not in each["OPTIONS"] for each in ours.TEMPLATES)


@pytest.mark.django_db
def test_data_for_search_engines_ends_no_element():
    variant = listed("MUG")
    variant.product.title = "</script><!--<script>&"
    variant.product.save()
    page = Client().get("/products/mug/").content.decode()
    assert "</script><!--" not in page
    assert "\\u003C/script\\u003E" in page


@pytest.mark.django_db
def test_htmx_asks_nobody_else_and_evaluates_nothing_on_every_page_that_has_it(admin_client):
    listed("MUG")
    for address in ("/products/mug/", "/console/", "/admin/", "/admin/catalogue/product/add/"):
        page = admin_client.get(address).content.decode()
        config = page.partition("htmx-config")[2].partition(">")[0]
        for rule in ("allowEval", "allowScriptTags"):
            assert f'"{rule}": false' in config, address
        assert '"selfRequestsOnly": true' in config, address
        # Nothing of a page stays in the browser for who comes next.
        assert '"historyCacheSize": 0' in config, address
        assert page.count("htmx-config") == 1
