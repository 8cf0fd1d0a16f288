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
CELERY_BROKER_URL = EVENTBUS_BROKER_URL = {broker!r}
"""
#: A reaction that sends a task of the project's own.
SENDS_A_TASK = """
from functools import partial

from django.db import transaction
from letters.tasks import post

@reacts_to(BookSold)
def have_it_posted(event: BookSold) -> None:
    transaction.on_commit(partial(post.delay, f"Thank you for buying {event.title}."))
"""
#: Also where the bus has been imported, a task is that of the project's own app.
SELLS_ANOTHER = """
import eventbus.messaging.broker
from letters.tasks import post
from sales.services import sell
assert post.app.main == "mysite", post.app
sell(2, "Persuasion")
"""
#: What a newcomer may have forgotten, and what the programs say of it.
NO_BROKER = 'EVENTBUS_BROKER_URL = "redis://127.0.0.1:1/0"'
SQLITE = """
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
EVENTBUS_BROKER_ULR = "redis://127.0.0.1:6379/0"
"""


class Project:
    """The README's project in a folder of its own, with a database of its own."""

    def __init__(self, folder: Path, environment: dict[str, str], database: str) -> None:
        self.folder, self.database = folder, database
        self._environment = {**environment, "DJANGO_SETTINGS_MODULE": "mysite.settings"}
        self._started: list[subprocess.Popen[str]] = []
        self.run("django-admin startproject mysite .")
        self.write(readme.files())
        with (folder / "mysite" / "settings.py").open("a") as file:
            address = psycopg.conninfo.conninfo_to_dict(database)
            names = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
            there = {name: address.get(key, "") for name, key in names.items()}
            file.write(SERVERS.format(database=there, broker=settings.EVENTBUS_BROKER_URL))

    def write(self, files: dict[Path, str]) -> None:
        for path, text in files.items():
            (self.folder / path).parent.mkdir(exist_ok=True)
            (self.folder / path.parent / "__init__.py").touch()
            (self.folder / path).write_text(text)

    def run(self, command: str, *, fails: bool = False, **environment: str) -> str:
        """Run a line of the README; what it printed. One that ends with & goes on beside us."""
        *words, last = shlex.split(command)
        if last == "&":
            self._started.append(self._start(words))
            return ""
        process = self._start([*words, last], **environment)
        out, _ = process.communicate(timeout=60)
        assert bool(process.returncode) == fails, f"{command}\n{out}"
        return out

    def refusal(self, command: str, forgotten: str = "") -> str:
        """Run what fails because of what was forgotten, in the settings if so; what it printed."""
        broken = f"from mysite.settings import *\n{forgotten}\n"
        (self.folder / "mysite" / "broken.py").write_text(broken)
        out = self.run(command, fails=True, DJANGO_SETTINGS_MODULE="mysite.broken")
        assert "Traceback" not in out
        return out

    def query(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(statement).fetchall()

    def end(self) -> str:
        """End what was started; what it printed."""
        started, self._started = self._started, []
        for process in started:
            process.send_signal(signal.SIGTERM)
        return "".join(process.communicate(timeout=30)[0] for process in started)

    def _start(self, words: list[str], **environment: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            words,
            cwd=self.folder,
            env=self._environment | environment,
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
    with (project.folder / "letters" / "reactions.py").open("a") as reactions:
        reactions.write(SENDS_A_TASK)
    assert "run: python manage.py migrate" in project.refusal("python manage.py relay --once")
    for command in readme.commands():
        project.run(command)
    letters = "select text from letters_letter order by id"
    wait_until(lambda: project.query(letters), 60, "a letter")
    assert project.query(letters) == [("Thank you for buying Emma.",)]
    done = "select app, reaction, state from eventbus_delivery order by reaction"
    both = [("letters", "have_it_posted", "done"), ("letters", "thank", "done")]
    wait_until(lambda: project.query(done) == both, 120, "the deliveries")
    project.run("python manage.py relay &")
    project.run(f"python manage.py shell -c '{SELLS_ANOTHER}'")
    wait_until(lambda: len(project.query(letters)) == 2, 60, "a letter that a relay brought")
    # Tasks of the project's own, sent by a worker of the bus, wait for the project's worker.
    project.run("celery -A mysite worker --concurrency 1 &")
    posted = [(f"Thank you for buying {title}. (posted)",) for title in ("Emma", "Persuasion")]
    wait_until(lambda: sorted(project.query(letters)) == posted, 60, "letters that were posted")
    said = project.end()
    assert "refused" not in said
    assert "unregistered" not in said
    assert_what_was_forgotten_is_said_with_its_cure(project)


def assert_what_was_forgotten_is_said_with_its_cure(project: Project) -> None:
    without_broker = project.refusal("python manage.py relay --once", NO_BROKER)
    assert "the broker is away or refuses" in without_broker
    assert "the bus needs PostgreSQL" in project.refusal("python manage.py relay --once", SQLITE)
    of_the_settings = project.refusal("python manage.py check", SQLITE)
    assert "DATABASES['default'] is sqlite" in of_the_settings
    assert "HINT: Did you mean EVENTBUS_BROKER_URL?" in of_the_settings


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


def test_the_examples_of_how_to_test_an_app_work(project: Project):
    project.write(readme.files("docs/testing.md"))
    project.run("python manage.py makemigrations letters")
    said = project.run("python manage.py test")
    assert "OK" in said
    assert "Ran 7 tests" in said


def test_a_new_app_works_as_the_command_has_made_it(project: Project):
    project.run("python manage.py startapp_reacting pings")
    with (project.folder / "mysite" / "settings.py").open("a") as file:
        file.write('INSTALLED_APPS += ["pings"]\n')
    assert "OK" in project.run("python manage.py test pings")
    project.run("python manage.py migrate")
    project.run("python manage.py shell -c 'from pings.services import ping; ping(\"hello\")'")
    project.run("celery -A pings worker &")
    project.run("python manage.py relay --once")
    done = "select app, reaction, state from eventbus_delivery"
    wait_until(lambda: project.query(done) == [("pings", "answer", "done")], 60, "an answer")
