"""The boundaries between the apps: the contracts in pyproject.toml, and what they cannot say."""

import ast
import json
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from importlinter import configuration
from importlinter.application.use_cases import lint_imports

from eventbus import registry
from shop.environment import BASE_DIR, BRIDGES, REACTING_APPS

#: The folder of each app, and of each bridge of the bus, by name.
FOLDERS = {app: BASE_DIR / app for app in REACTING_APPS} | {
    name: BASE_DIR / "eventbus" / "bridges" / name for name in BRIDGES
}

configuration.configure()


def test_contracts_hold_for_every_app_there_is(tmp_path):
    listed = re.compile(r"(?<=root_packages = )\[.*?\]", re.DOTALL)
    contracts = (BASE_DIR / "pyproject.toml").read_text(encoding="utf-8")
    for_all = tmp_path / "pyproject.toml"
    for_all.write_text(listed.sub(json.dumps(settings.OUR_PACKAGES), contracts), encoding="utf-8")
    assert lint_imports(config_filename=str(for_all), cache_dir=None, no_logo=True)


def test_no_foreign_key_crosses_an_app():
    assert not [
        f"{field} refers to {field.related_model}"
        for model in apps.get_models()
        if registry.owner(model.__module__) in FOLDERS
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if field.related_model and field.related_model._meta.app_label != model._meta.app_label
    ]


@pytest.mark.parametrize("app", FOLDERS)
def test_only_its_owner_emits_an_event(app):
    assert not [
        f"{path.relative_to(BASE_DIR)} states {event}"
        for path in sorted(FOLDERS[app].rglob("*.py"))
        # An app's own tests give it what others emit.
        if path.name != "tests.py"
        for event in events_stated(path.read_text(encoding="utf-8"))
        if registry.app_label(event) != app
    ]


@pytest.mark.parametrize("app", FOLDERS)
def test_an_events_module_takes_of_another_apps_only_what_is_abstract(app):
    file = FOLDERS[app] / "events.py"
    tree = ast.parse(file.read_text(encoding="utf-8") if file.exists() else "")
    abstract = {f"{each.__module__}.{each.__name__}" for each in registry.abstract_events()}
    taken = {path for _, path in _imported(tree) if ".events." in path or path.endswith(".events")}
    assert taken <= abstract


@pytest.mark.parametrize(
    "source",
    [
        "from orders.events import GoodsReleased\nemit(GoodsReleased(order_id=id))",
        "from orders.events import GoodsReleased as Late\nemit(Late(order_id=id))",
        "from orders import events\nevent = events.GoodsReleased(order_id=id)\nemit(event)",
        "from orders import events as theirs\nemit(theirs.GoodsReleased(order_id=id))",
        "import orders.events\nemit(orders.events.GoodsReleased(order_id=id))",
        "import orders.events as theirs\ndef make():\n    return theirs.GoodsReleased(order_id=id)",
    ],
)
def test_emitting_an_event_is_seen_however_it_is_imported(source):
    assert list(events_stated(source)) == ["orders.GoodsReleased"]


def test_reacting_to_an_event_or_using_its_parts_is_not_emitting_it():
    source = """
        from orders.events import Address, OrderPlaced
        @reacts_to(OrderPlaced)
        def ship(event: OrderPlaced): send(Address(name=event.number), OrderPlaced.type)
    """
    assert list(events_stated(re.sub(r"^ {8}", "", source, flags=re.M))) == []


def events_stated(source: str) -> Iterator[str]:
    """The types of the events that are made in this source: what is made is emitted."""
    tree = ast.parse(source)
    imported = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name, _, rest = ast.unparse(node.func).partition(".")
            path = f"{imported.get(name, name)}.{rest}".rstrip(".")
            module, _, name = path.rpartition(".")
            event = f"{registry.owner(module)}.{name}"
            if ".events." in path and event in registry.event_types():
                yield event


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each name that an import renames or takes out of a module, with its full path."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((a.asname or a.name, f"{node.module}.{a.name}") for a in node.names)
        elif isinstance(node, ast.Import):
            yield from ((a.asname or a.name, a.name) for a in node.names)
