"""A row is locked, changed and saved in one way."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event as Flag

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from devtools.waiting import wait_until
from eventbus import LockingManager
from eventbus.exceptions import LockEnded
from tests.workers import at_once, somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


class NoJar(Exception):
    """There is no such jar."""


class StrictManager(LockingManager["Jar"]):
    def unknown(self, **key: str) -> Exception:
        return NoJar(key)


with isolate_apps("tests"):

    class Jar(models.Model):
        """A row of every kind of column that matters here."""

        label = models.CharField(primary_key=True, max_length=10)
        sweets = models.IntegerField(default=0)
        kinds = models.JSONField(default=list)
        colour = models.CharField(max_length=10, db_default="clear")
        changed_at = models.DateTimeField(auto_now=True)

        objects = LockingManager["Jar"]()
        strict = StrictManager()

        class Meta:
            app_label = "tests"

        def __str__(self) -> str:
            return self.label


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    with connection.schema_editor() as editor:
        editor.create_model(Jar)
    yield
    with connection.schema_editor() as editor:
        editor.delete_model(Jar)


@pytest.fixture
def jar() -> Jar:
    return Jar.objects.create(label="plums", sweets=3, kinds=["red"])


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements of one transaction, when it is over."""
    sent: list[str] = []
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        yield sent
    sent += [query["sql"] for query in queries if query["sql"] not in ("BEGIN", "COMMIT")]


def verbs(sent: list[str]) -> list[str]:
    return [sql.split()[0] for sql in sent]


def add_a_sweet(**key: str) -> None:
    with Jar.objects.get_or_create_for_update(**key) as jar:
        jar.sweets += 1


def test_what_the_block_changed_is_saved_at_its_end(jar):
    with transaction.atomic(), Jar.objects.get_for_update(pk=jar.pk) as locked:
        locked.sweets -= 1
        locked.kinds.append("blue")
        assert Jar.objects.get().sweets == 3
    jar.refresh_from_db()
    assert (jar.sweets, jar.kinds) == (2, ["red", "blue"])


def test_only_what_changed_is_written_and_the_time_of_it(jar):
    with statements() as sent, Jar.objects.get_for_update(pk=jar.pk) as locked:
        locked.sweets = 5
    assert verbs(sent) == ["SELECT", "UPDATE"]
    assert "kinds" not in sent[-1]
    assert "colour" not in sent[-1]
    assert Jar.objects.get().changed_at > jar.changed_at


def test_nothing_is_written_when_nothing_changed(jar):
    with statements() as sent, Jar.objects.get_for_update(pk=jar.pk) as locked:
        locked.sweets = 3
        locked.kinds = ["red"]
    assert verbs(sent) == ["SELECT"]


def test_nothing_is_written_when_the_block_raises(jar):
    def break_off() -> None:
        with Jar.objects.get_for_update(pk=jar.pk) as locked:
            locked.sweets = 0
            raise NoJar

    with transaction.atomic(), pytest.raises(NoJar):
        break_off()
    assert Jar.objects.get().sweets == 3


def test_a_new_row_is_made_with_its_defaults_in_two_statements():
    with (
        statements() as sent,
        Jar.objects.get_or_create_for_update({"sweets": 9}, label="new") as jar,
    ):
        assert (jar.sweets, jar.kinds, jar.colour) == (9, [], "clear")
    assert verbs(sent) == ["SELECT", "INSERT"]
    assert Jar.objects.get().sweets == 9


def test_defaults_change_no_row_that_is_there(jar):
    with transaction.atomic(), Jar.objects.get_or_create_for_update({"sweets": 9}, label="plums"):
        pass
    assert Jar.objects.get().sweets == 3


def test_a_known_row_takes_two_statements_and_a_new_one_three(jar):
    with statements() as known:
        add_a_sweet(label="plums")
    with statements() as new:
        add_a_sweet(label="new")
    assert verbs(known) == ["SELECT", "UPDATE"]
    assert verbs(new) == ["SELECT", "INSERT", "UPDATE"]


@pytest.mark.parametrize(("manager", "error"), [("objects", Jar.DoesNotExist), ("strict", NoJar)])
def test_a_row_that_is_not_there_is_an_error_of_the_managers_choice(manager, error):
    with transaction.atomic(), pytest.raises(error):
        getattr(Jar, manager).get_for_update(pk="none").__enter__()


def test_no_row_is_locked_outside_a_transaction(jar):
    with pytest.raises(transaction.TransactionManagementError):
        Jar.objects.get_for_update(pk=jar.pk).__enter__()


def test_a_change_after_the_end_of_the_lock_is_refused(jar):
    """As where a reaction calls the outside within the block: another one may have the row now."""
    block = Jar.objects.get_for_update(pk=jar.pk)
    with transaction.atomic():
        locked = block.__enter__()
    locked.sweets = 0
    with pytest.raises(LockEnded, match="sweets"):
        block.__exit__(None, None, None)
    assert Jar.objects.get().sweets == 3


@pytest.mark.parametrize("is_there", [True, False], ids=["known", "new"])
def test_the_second_waits_for_the_first_and_sees_what_it_wrote(is_there):
    if is_there:
        Jar.objects.create(label="plums")
    is_locked, is_through = Flag(), Flag()

    def first():
        with transaction.atomic(), Jar.objects.get_or_create_for_update(label="plums") as jar:
            is_locked.set()
            wait_until(lambda: somebody_waits() or is_through.is_set(), 10, "the second")
            jar.sweets += 1

    def second():
        is_locked.wait(10)
        with transaction.atomic():
            add_a_sweet(label="plums")
        is_through.set()

    at_once(first, second)
    assert Jar.objects.get().sweets == 2
