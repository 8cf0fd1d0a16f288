"""A project that has nothing but what the README of the bus shows, and what the wheel asks for."""

import shlex
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from devtools.waiting import wait_until
from tests.databases import own_database
from tests.system.standalone import readme
from tests.system.standalone.installation import Installation

#: Where this project's servers are, after what the README says.
SERVERS = """
DATABASES["default"] |= {database!r}
EVENTBUS_BROKER_URL = {broker!r}
"""


class Project:
    """The README's project in a folder of its own, with a database of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], database: str) -> None:
        self.folder, self.database = folder, database
        self._environment = {**environment, "DJANGO_SETTINGS_MODULE": "mysite.settings"}
        self._started: list[subprocess.Popen[str]] = []
        self.run("django-admin startproject mysite .")
        for path, text in readme.files().items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path.parent / "__init__.py").touch()
            (folder / path).write_text(text)
        with (folder / "mysite" / "settings.py").open("a") as file:
            address = psycopg.conninfo.conninfo_to_dict(database)
            names = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
            there = {name: address.get(key, "") for name, key in names.items()}
            file.write(SERVERS.format(database=there, broker=settings.EVENTBUS_BROKER_URL))

    def run(self, command: str) -> str:
        """Run a line of the README; what it printed. One that ends with & goes on beside us."""
        *words, last = shlex.split(command)
        if last == "&":
            self._started.append(self._start(words))
            return ""
        process = self._start([*words, last])
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0, f"{command}\n{out}"
        return out

    def query(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(statement).fetchall()

    def end(self) -> None:
        for process in self._started:
            process.send_signal(signal.SIGTERM)
        for process in self._started:
            process.communicate(timeout=30)

    def _start(self, words: list[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            words,
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


@pytest.fixture
def project(installation: Installation, tmp_path: Path) -> Iterator[Project]:
    with own_database("standalone") as database:
        made = Project(tmp_path, installation.environment(), database)
        yield made
        made.end()


def test_what_the_readme_shows_works_with_the_two_layers_that_an_event_needs(project: Project):
    for command in readme.commands():
        project.run(command)
    letters = "select text from letters_letter"
    wait_until(lambda: project.query(letters), 60, "a letter")
    assert project.query(letters) == [("Thank you for buying Emma.",)]
    done = "select app, reaction, state from eventbus_delivery"
    wait_until(lambda: project.query(done) == [("letters", "thank", "done")], 120, "the delivery")
    project.run("python manage.py relay &")
    project.run(
        "python manage.py shell -c 'from sales.services import sell; sell(2, \"Persuasion\")'"
    )
    wait_until(lambda: len(project.query(letters)) == 2, 60, "a letter that a relay brought")


def test_the_project_has_the_tables_of_those_layers_and_no_others(project: Project):
    project.run("python manage.py makemigrations letters")
    project.run("python manage.py makemigrations --check")
    project.run("python manage.py migrate")
    tables = {name for (name,) in project.query("select relname from pg_class where relkind = 'r'")}
    ours = {name for name in tables if not name.startswith(("pg_", "sql_"))}
    assert ours == {
        "django_migrations",
        "eventbus_delivery",
        "eventbus_operatoraction",
        "eventbus_outboxevent",
        "eventbus_pause",
        "letters_letter",
    }


def test_the_test_kit_needs_no_more(project: Project):
    test = """
from django.test import TestCase
from eventbus.testing import emitted, given, run_until_idle
from letters.models import Letter
from sales.events import BookSold
from sales.services import sell

class Letters(TestCase):
    def test_thanks(self):
        given(BookSold(sale_id=1, title="Emma"), to="letters")
        sell(2, "Persuasion")
        run_until_idle()
        assert Letter.objects.count() == 2
        assert len(emitted(BookSold)) == 2
"""
    (project.folder / "letters" / "tests.py").write_text(test)
    project.run("python manage.py makemigrations letters")
    assert "OK" in project.run("python manage.py test")
