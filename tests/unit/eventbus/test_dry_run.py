"""A dry run tells what a reaction would do, and leaves nothing behind."""

import json
import threading
from functools import partial
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.history.models import Redaction
from eventbus.operations.describe_call import describe_call
from eventbus.operations.dry_run import TIMEOUTS, dry_run
from eventbus.testing import emit
from tests.unit.eventbus.conftest import answer_once, behaviour
from tests.unit.eventbus.events import Answered, Knocked
from tests.unit.eventbus.test_pausing import publish

# Others must see what was before, so it must be committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def parked(rang):
    """A parked delivery of `answer`, whose behaviour the test sets."""
    publish(rang)
    Delivery.objects.filter(reaction="answer").update(state="parked", error="no butler")
    return Delivery.objects.get(reaction="answer")


def changes(tried):
    """The changes of groups; who keeps a log of changes has changes of its own."""
    return [(c.model, c.kind, c.fields) for c in tried.changes if c.model == "auth.Group"]


def test_it_tells_which_events_it_would_emit_and_emits_none(parked):
    tried = dry_run(parked)
    assert tried.outcome == "done"
    assert [(e.type, e.data["by"]) for e in tried.events] == [(Answered.type, "butler")]
    assert not OutboxEvent.objects.filter(type=Answered.type).exists()


def test_it_tells_each_row_it_would_create_change_and_delete_and_touches_none(parked):
    before = set(Group.objects.values_list("name", flat=True))
    bell, door, other = (Group.objects.create(name=name) for name in ("bell", "door", "other"))

    def rearrange(event):
        Group.objects.create(name="made")
        Group.objects.filter(pk=bell.pk).update(name="gong")
        with transaction.atomic():
            Group.objects.select_for_update().get(pk=door.pk)
        with connection.cursor() as cursor:
            cursor.execute("delete from auth_group where id = %s", [door.pk])
        other.save()

    behaviour["answer"] = rearrange
    tried = dry_run(parked)
    assert tried.outcome == "done", tried.error
    created = next(c for c in tried.changes if (c.model, c.kind) == ("auth.Group", "created"))
    assert sorted(changes(tried), key=lambda change: change[1]) == [
        ("auth.Group", "changed", {"name": ("bell", "gong")}),
        ("auth.Group", "created", {"id": (None, created.key), "name": (None, "made")}),
        ("auth.Group", "deleted", {"id": (door.pk, None), "name": ("door", None)}),
    ]
    assert set(Group.objects.values_list("name", flat=True)) == before | {"bell", "door", "other"}


def test_the_delivery_stays_as_it_is(parked):
    dry_run(parked)
    parked.refresh_from_db()
    assert (parked.state, parked.attempts, parked.error) == ("parked", 0, "no butler")


def test_what_happens_after_a_commit_does_not_happen(parked):
    happened = []
    behaviour["answer"] = lambda _: transaction.on_commit(lambda: happened.append("mail"))
    assert dry_run(parked).outcome == "done"
    transaction.on_commit(lambda: None)
    assert not happened


def test_one_that_would_fail_again_tells_why_and_changes_nothing(parked):
    def fail(event):
        Group.objects.create(name="half done")
        emit(Answered(bell=event.bell, by="half"))
        raise LookupError("no butler yet")

    behaviour["answer"] = fail
    tried = dry_run(parked)
    assert (tried.outcome, tried.changes, tried.events) == ("fails", (), ())
    assert "LookupError: no butler yet" in tried.error
    assert not Group.objects.filter(name="half done").exists()


def test_a_constraint_that_is_checked_at_commit_would_fail_it(parked):
    behaviour["answer"] = lambda _: Redaction.objects.create(cause_id=uuid4(), subjects=[])
    assert "ForeignKeyViolation" in dry_run(parked).error


def test_a_call_to_the_outside_world_is_named_and_not_made():
    made = []

    def knock(event):
        answer_once_at_the_door(event)
        yield lambda: made.append("outside")
        raise AssertionError("its answer is not known")

    behaviour["open_the_door"] = knock
    publish(Knocked(door=uuid4()))
    tried = dry_run(Delivery.objects.get(reaction="open_the_door"))
    assert tried.outcome == "calls"
    assert tried.calls[0].endswith("knock: made.append('outside')")
    assert [e.type for e in tried.events] == [Answered.type]
    assert not made


def answer_once_at_the_door(event):
    emit(Answered(bell=event.door, by="butler"))


def test_a_call_is_named_by_what_it_calls_never_by_its_values():
    look = partial(Delivery.objects.filter, error="secret")

    def call():
        return look(app="secret")

    assert describe_call(look).endswith("Manager.filter")
    assert describe_call(call).endswith(f"never_by_its_values.call: {describe_call(look)}")


def test_what_is_settled_is_refused(parked):
    Delivery.objects.update(state="done")
    parked.refresh_from_db()
    assert dry_run(parked).outcome == "refused"


def test_a_reaction_or_event_this_code_does_not_know_would_fail(parked):
    parked.reaction = "renamed"
    assert "no reaction renamed" in dry_run(parked).error
    parked.event.type = "tests.FromTomorrow"
    assert "tests.FromTomorrow" in dry_run(parked).error


def test_rows_that_a_worker_holds_are_no_failure(parked, monkeypatch):
    monkeypatch.setitem(TIMEOUTS, "lock_timeout", 50)
    bell = Group.objects.create(name="bell")
    held, tried = threading.Event(), threading.Event()

    def hold():
        try:
            with transaction.atomic():
                Group.objects.select_for_update().get(pk=bell.pk)
                held.set()
                tried.wait(10)
        finally:
            connection.close()

    worker = threading.Thread(target=hold)
    worker.start()
    held.wait(10)
    behaviour["answer"] = lambda _: Group.objects.filter(pk=bell.pk).update(name="gong")
    try:
        assert dry_run(parked).outcome == "busy"
    finally:
        tried.set()
        worker.join()


def test_a_dry_run_then_the_run_do_the_same(parked):
    behaviour["answer"] = answer_once
    would = [event.type for event in dry_run(parked).events]
    Delivery.objects.filter(pk=parked.pk).update(state="waiting")
    handle("tests", [Incoming(parked.event.envelope, redelivered=True)])
    emitted_rows = OutboxEvent.objects.filter(causation_id=parked.event_id)
    assert would == [row.type for row in emitted_rows]


# The command


def run(*arguments):
    out = StringIO()
    call_command("failed", "dry-run", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_command_tells_rows_events_and_calls(parked):
    bell = Group.objects.create(name="bell")

    def rename(event):
        Group.objects.filter(pk=bell.pk).update(name="gong")
        answer_once(event)

    behaviour["answer"] = rename
    assert run(parked.pk).splitlines() == [
        "It would take effect. Nothing of this has happened:",
        f"  changed auth.Group {bell.pk}",
        '      name: "bell" -> "gong"',
        f"  would state tests.Answered {parked.event.subject}",
    ]
    report = json.loads(run(parked.pk, "--json"))
    assert report["changes"][0]["fields"] == {"name": ["bell", "gong"]}


@pytest.mark.parametrize(("id", "said"), [(4711, "no delivery #4711"), ("one", "no delivery's id")])
def test_a_delivery_there_is_not_is_refused(id, said):
    with pytest.raises(CommandError, match=said):
        run(id)


def test_a_delivery_that_is_done_is_refused(parked):
    Delivery.objects.update(state="done")
    with pytest.raises(CommandError, match="it is done"):
        run(parked.pk)
