"""The examples of programs outside are tried with the packages that they name."""

import json

from shop.settings import BASE_DIR

EXAMPLES = BASE_DIR / "examples"


def test_an_example_in_python_names_the_versions_it_is_tried_with():
    ours = {
        line
        for file in ("requirements.txt", "requirements-dev.txt")
        for line in (BASE_DIR / file).read_text().splitlines()
    }
    files = ("python-consumer", "foreign-producer")
    for name in files:
        assert set((EXAMPLES / name / "requirements.txt").read_text().splitlines()) <= ours


def test_the_example_in_node_is_locked_and_names_no_registry():
    folder = EXAMPLES / "node-consumer"
    lock = json.loads((folder / "package-lock.json").read_text())
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    packages = lock["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert not [name for name, package in packages.items() if "resolved" in package]
