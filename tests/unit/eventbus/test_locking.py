"""A row is locked, changed and saved in one way."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event as Flag

import pytest
from django.db import DataError, connection, models, transaction
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
            wait_until(lambda: somebody_waits() or is_through.is_set(), 120, "the second")
            jar.sweets += 1

    def second():
        is_locked.wait(10)
        with transaction.atomic():
            add_a_sweet(label="plums")
        is_through.set()

    at_once(first, second)
    assert Jar.objects.get().sweets == 2


def test_many_rows_are_locked_and_saved_in_two_statements_those_that_changed_alone():
    for label in ("plums", "pears", "figs"):
        Jar.objects.create(label=label, sweets=1)
    old = Jar.objects.get(label="figs").changed_at
    with (
        statements() as sent,
        Jar.objects.get_many_for_update(pk=["plums", "figs", "pears"]) as jars,
    ):
        assert list(jars) == ["figs", "pears", "plums"]
        jars["plums"].sweets = 5
        jars["pears"].kinds.append("green")
    assert verbs(sent) == ["SELECT", "UPDATE"]
    assert "colour" not in sent[-1]
    saved = {jar.label: (jar.sweets, jar.kinds) for jar in Jar.objects.all()}
    assert saved == {"plums": (5, []), "pears": (1, ["green"]), "figs": (1, [])}
    assert Jar.objects.get(label="figs").changed_at == old
    assert Jar.objects.get(label="pears").changed_at > old


def test_of_many_those_that_are_not_there_are_made_in_one_statement_more(jar):
    with (
        statements() as sent,
        Jar.objects.get_or_create_many_for_update(
            {"kinds": ["new"]}, pk=["b", "plums", "a"]
        ) as jars,
    ):
        jars["a"].kinds.append("ripe")
        assert jars["plums"].sweets == 3
    assert verbs(sent) == ["SELECT", "INSERT", "UPDATE"]
    kinds = {jar.label: jar.kinds for jar in Jar.objects.all()}
    assert kinds == {"plums": ["red"], "a": ["new", "ripe"], "b": ["new"]}


def test_of_many_that_are_mostly_new_those_that_are_there_are_locked_afterwards(jar):
    many = partial(Jar.objects.get_or_create_many_for_update, mostly_new=True)
    with statements() as sent, many(pk=["plums", "new"]) as jars:
        assert jars["plums"].sweets == 3
    assert verbs(sent) == ["INSERT", "SELECT"]
    with statements() as sent, many(pk=["newer", "newest"]):
        pass
    assert verbs(sent) == ["INSERT"]


def test_no_rows_take_no_statement():
    with (
        statements() as sent,
        Jar.objects.get_many_for_update(pk=[]) as none,
        Jar.objects.get_or_create_many_for_update(pk=[]) as neither,
    ):
        assert none == neither == {}
    assert sent == []


def test_of_many_those_that_are_there_can_be_locked_alone(jar):
    with transaction.atomic(), Jar.objects.get_known_for_update(pk=["plums", "none"]) as jars:
        jars["plums"].sweets = 5
    assert {jar.label: jar.sweets for jar in Jar.objects.all()} == {"plums": 5}


def test_one_of_many_that_is_not_there_is_an_error_of_the_managers_choice(jar):
    with transaction.atomic(), pytest.raises(NoJar, match="none"):
        Jar.strict.get_many_for_update(pk=["plums", "none"]).__enter__()


def test_what_is_too_long_for_its_column_is_refused_in_many_rows_too():
    def write_too_much() -> None:
        with Jar.objects.get_or_create_many_for_update(pk=["a", "b"]) as jars:
            for jar in jars.values():
                jar.colour = "x" * 11

    with pytest.raises(DataError), transaction.atomic():
        write_too_much()


def test_two_who_lock_the_same_rows_wait_for_each_other_and_lose_nothing():
    labels = [f"jar {n}" for n in range(50)]

    def add_a_sweet_to_each(order: int) -> None:
        for _ in range(5):
            with (
                transaction.atomic(),
                Jar.objects.get_or_create_many_for_update(pk=labels[::order]) as jars,
            ):
                for jar in jars.values():
                    jar.sweets += 1

    at_once(partial(add_a_sweet_to_each, 1), partial(add_a_sweet_to_each, -1))
    assert set(Jar.objects.values_list("sweets", flat=True)) == {10}
