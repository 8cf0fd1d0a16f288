"""What is in the wheel of the bus, and what it asks for."""

import ast
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from eventbus.layers import LAYERS
from tests.system.standalone.installation import BUS, Installation, owners_of_modules

#: What stands in the folder, and not in the package.
ABOUT = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "docs"}
#: The layers that ask for more than the package itself, each with its extra.
EXTRAS = {"operations": "operations", "console": "console"}
#: The one module whose libraries have an extra of their own.
TRACING = BUS / "operations" / "tracing.py"
#: Who brings which module.
OWNERS = owners_of_modules()

#: Django apps beside which a layer is tried: the pages need what Django's own admin needs.
BESIDE_PAGES = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.admin",
    "django.contrib.humanize",
    "django_htmx",
]
PAGES = {
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
            },
        }
    ],
}
PROGRAM = f"""
import sys
from importlib import import_module
from pkgutil import walk_packages

import django
from django.conf import settings
from django.core.management import call_command

_, layers, besides, without = (each.split(",") for each in sys.argv)
settings.configure(
    SECRET_KEY="secret",
    USE_TZ=True,
    DATABASES={{"default": {{"ENGINE": "django.db.backends.postgresql"}}}},
    INSTALLED_APPS=[*filter(None, besides), *layers],
    **{PAGES!r},
)
django.setup()
call_command("check")
for name in layers:
    package = import_module(name)
    for module in walk_packages(package.__path__, f"{{name}}."):
        if module.name.rpartition(".")[2] not in without:
            import_module(module.name)
"""


def test_the_sdist_has_every_file_of_the_folder(installation: Installation):
    with tarfile.open(installation.sdist) as sdist:
        names = {Path(*Path(name).parts[1:]) for name in sdist.getnames()}
    assert _files(BUS) <= names
    # What it is built by writes these.
    assert names - _files(BUS) <= {Path("PKG-INFO"), Path(".gitignore")}


def test_the_wheel_which_is_built_of_it_has_the_package(installation: Installation):
    package = installation.folder / "eventbus"
    assert _files(package) == {path for path in _files(BUS) if path.parts[0] not in ABOUT}


@pytest.mark.parametrize(
    ("layers", "extra", "besides", "without"),
    [
        (1, "", [], []),
        (2, "", [], []),
        (3, "operations", [], ["admin", "tracing"]),
        (3, "tracing", [], ["admin"]),
        (4, "operations", [], ["admin", "tracing"]),
        (5, "console", BESIDE_PAGES, ["tracing"]),
    ],
)
def test_the_first_layers_work_with_what_they_ask_for_and_no_more(
    installation: Installation,
    tmp_path: Path,
    layers: int,
    extra: str,
    besides: list[str],
    without: list[str],
):
    done = _import_all(installation, tmp_path, LAYERS[:layers], extra, besides, without)
    assert done.returncode == 0, done.stderr


def test_a_layer_without_one_above_it_is_refused_by_name(
    installation: Installation, tmp_path: Path
):
    without_two = [LAYERS[0], LAYERS[3]]
    done = _import_all(installation, tmp_path, without_two, "operations", [], [])
    needed = "eventbus.history needs eventbus.messaging and eventbus.operations in INSTALLED_APPS"
    assert needed in done.stderr.splitlines()[-1]


def test_contracts_need_no_more_than_an_event_does(installation: Installation, tmp_path: Path):
    beside = [*LAYERS[:2], "eventbus.contracts"]
    done = _import_all(installation, tmp_path, beside, "", [], [])
    assert done.returncode == 0, done.stderr


def test_a_bridge_needs_its_extra_and_what_it_is_told(installation: Installation, tmp_path: Path):
    kafka = [*LAYERS[:2], "eventbus.bridges.kafka"]
    done = _import_all(installation, tmp_path, kafka, "", [], [])
    assert "pip install 'eventbus[kafka]'" in done.stderr.splitlines()[-1]
    done = _import_all(installation, tmp_path, kafka, "kafka", [], [])
    assert "eventbus.bridges.kafka needs EVENTBUS_KAFKA\n" in done.stderr


def test_each_distribution_that_is_imported_is_asked_for_where_it_is(installation: Installation):
    undeclared = [
        f"{path.relative_to(BUS)} imports {module}"
        for path in sorted(BUS.rglob("*.py"))
        for module, owners in _imported(path)
        if not owners & _names(installation.asked_for(_extra_of(path)) + installation.asked_for())
    ]
    assert undeclared == []


def test_nothing_is_asked_for_that_is_not_imported(installation: Installation):
    imported = {
        owner for path in BUS.rglob("*.py") for _, owners in _imported(path) for owner in owners
    }
    own = {canonicalize_name("eventbus")}
    assert _names(installation.requirements) - own <= imported


def test_what_the_tests_run_on_is_what_is_asked_for(installation: Installation):
    refused = [
        str(each)
        for each in installation.requirements
        if each.name != "eventbus" and version(each.name) not in each.specifier
    ]
    assert refused == []


def _import_all(
    installation: Installation,
    folder: Path,
    layers: Sequence[str],
    extra: str,
    besides: list[str],
    without: list[str],
) -> subprocess.CompletedProcess[str]:
    """Have a project of these layers checked, and every module of theirs imported."""
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(",".join, (layers, besides, without))],
        cwd=folder,
        env=installation.environment(extra),
        capture_output=True,
        text=True,
        timeout=120,
    )


def _files(folder: Path) -> set[Path]:
    return {
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def _extra_of(path: Path) -> str:
    folder, *within = path.relative_to(BUS).parts
    if folder == "bridges":
        return within[0]
    return "tracing" if path == TRACING else EXTRAS.get(folder, "")


def _names(requirements: list[Requirement]) -> set[str]:
    return {canonicalize_name(each.name) for each in requirements}


def _imported(path: Path) -> Iterator[tuple[str, set[str]]]:
    """Each module of somebody else that a file of the bus imports, with who may bring it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top != "eventbus":
                yield top, {canonicalize_name(owner) for owner in OWNERS[top]}
