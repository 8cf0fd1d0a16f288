"""What events tell of people: marked, blanked once nobody needs it, never lost nor leaked."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from eventbus import Event, Personal, masked, redact
from eventbus.context import caused_by
from eventbus.delivery import ledger
from eventbus.delivery.models import Delivery, OperatorAction, OutboxEvent
from eventbus.exceptions import InvalidDefinition
from eventbus.history import redaction_job
from eventbus.history.models import Redaction
from eventbus.operations import failure_notes, failures
from eventbus.operations.models import FailureNote
from eventbus.personal import redacted_data
from eventbus.signals import reaction_finished
from eventbus.testing import emit, given, settle
from tests.unit.eventbus.conftest import behaviour
from tests.unit.eventbus.events import Called, Caller, Knocked

LATER = datetime.max.replace(tzinfo=UTC)


def called(**fields) -> Called:
    ada = Caller(name="Ada", street="1 Way", country="GB")
    about = {"bell": uuid4(), "by": ada, "with_them": (ada, ada), "said": ("hello", "Ada here")}
    return Called(**{**about, "email": "ada@example.com", "note": None, **fields})


def outbox_row(event: Event) -> OutboxEvent:
    with transaction.atomic():
        emit(event)
    return OutboxEvent.objects.get(id=event.id)


def published(event: Event) -> OutboxEvent:
    """Stated and sent to all who react."""
    row = outbox_row(event)
    ledger.create_deliveries([row])
    OutboxEvent.objects.filter(pk=row.pk).update(published_at=timezone.now())
    return row


def handled(*events: Event) -> list[OutboxEvent]:
    """Stated, and every reaction has run."""
    rows = [outbox_row(event) for event in events]
    settle()
    return rows


def wish(*subjects: object, **more) -> None:
    with transaction.atomic():
        redact(subjects, **more)


def data_of(row: OutboxEvent) -> dict:
    return OutboxEvent.objects.get(pk=row.pk).data


def tells_of_ada(row: OutboxEvent) -> bool:
    """Look past the bell: an id in hexadecimal may have "ada" in it."""
    found = {name: value for name, value in data_of(row).items() if name != "bell"}
    return "ada" in str(found).lower()


def test_masking_blanks_texts_lists_and_parts_and_leaves_the_rest():
    data = called().to_data()
    blank = {"name": "", "street": "", "country": "GB"}
    assert masked(Called, data) == {
        "bell": data["bell"],
        "email": "",
        "note": None,
        "by": blank,
        "with_them": [blank, blank],
        "said": [],
    }


def test_what_the_class_does_not_know_is_left():
    assert masked(Called, {"colour": "red"}) == {"colour": "red"}


def test_of_an_event_this_code_does_not_know_only_the_names_of_its_fields_are_shown():
    found = {"email": "ada@example.com", "by": {"name": "Ada"}}
    assert redacted_data("app_a.OfTomorrow", 1, found) == {"email": "", "by": ""}
    assert redacted_data(Called.type, 1, found) == {"email": "", "by": {"name": ""}}


@pytest.mark.parametrize("type", [int, Caller, str | int])
def test_only_texts_can_be_personal(type):
    with pytest.raises(InvalidDefinition, match="Personal is for texts"):
        declared(bell=str, age=Personal[type])


def test_subject_cannot_be_personal():
    with pytest.raises(InvalidDefinition, match="cannot be Personal"):
        declared(email=Personal[str])


def declared(**fields: object) -> type:
    return type("Odd", (Event,), {"__annotations__": fields, "__module__": __name__})


@pytest.mark.django_db
class TestRedaction:
    def test_blanks_what_was_emitted_about_the_subjects_and_nothing_else(self):
        mine, theirs = called(), called()
        rows = handled(mine, theirs)
        wish(mine.bell)
        redaction_job.run_pending()
        assert [tells_of_ada(row) for row in rows] == [False, True]
        assert data_of(rows[0])["bell"] == str(mine.bell)
        assert OutboxEvent.objects.get(pk=mine.id).redacted_at
        assert not Redaction.objects.exists()

    def test_finds_an_address_in_events_about_something_else(self):
        mine, theirs = called(email="ADA@example.com"), called(email="bob@example.com")
        rows = handled(mine, theirs)
        wish(matching_text="ada@example.com", event_types=[Called])
        redaction_job.run_pending()
        assert [data_of(row)["said"] for row in rows] == [[], ["hello", "Ada here"]]

    def test_twice_is_as_once(self):
        [row] = handled(called())
        for _ in range(2):
            wish(row.subject)
            redaction_job.run_pending()
        assert not tells_of_ada(row)

    @pytest.mark.parametrize("state", Delivery.UNSETTLED)
    def test_waits_until_every_reaction_to_the_event_has_run(self, state):
        row = published(called())
        Delivery.objects.filter(event=row).update(state=state)
        wish(row.subject)
        redaction_job.run_pending()
        assert tells_of_ada(row)
        Delivery.objects.update(state=Delivery.State.DONE)
        redaction_job.run_pending(until=LATER)
        assert not tells_of_ada(row)
        assert not Redaction.objects.exists()

    def test_waits_until_the_event_is_published(self):
        row = outbox_row(called())
        wish(row.subject)
        redaction_job.run_pending()
        assert tells_of_ada(row)
        settle()
        assert not tells_of_ada(row)

    def test_finds_what_is_emitted_before_all_have_reacted_to_its_cause(self):
        """An app that was off states something personal until it has been told, too."""
        cause, bell = published(Knocked(door=uuid4())), uuid4()
        with transaction.atomic(), caused_by(cause.envelope):
            redact([bell])
        redaction_job.run_pending()
        late = published(called(bell=bell))
        Delivery.objects.filter(event=late).update(state=Delivery.State.DONE)
        redaction_job.run_pending(until=LATER)
        assert not tells_of_ada(late)
        assert Redaction.objects.exists()
        Delivery.objects.update(state=Delivery.State.DONE)
        redaction_job.run_pending(until=LATER)
        assert not Redaction.objects.exists()

    def test_looks_again_after_longer_and_longer(self, settings):
        settings.EVENTBUS_OVERDUE_AFTER = timedelta(seconds=10)
        row = outbox_row(called())
        wish(row.subject)
        for seconds in (20, 40, 80):
            redaction_job.run_pending(until=LATER)
            due = Redaction.objects.get().next_attempt_at - timezone.now()
            assert timedelta(seconds=seconds - 2) < due <= timedelta(seconds=seconds)

    def test_many_events_are_blanked_in_batches(self, monkeypatch):
        monkeypatch.setattr(redaction_job, "BATCH", 2)
        bell = uuid4()
        handled(*[called(bell=bell) for _ in range(5)])
        wish(bell)
        redaction_job.run_pending()
        assert OutboxEvent.objects.filter(redacted_at=None, type=Called.type).count() == 0

    def test_what_newer_code_emitted_is_left_to_newer_code(self):
        [row] = handled(called())
        OutboxEvent.objects.update(version=2)
        wish(row.subject)
        redaction_job.run_pending()
        assert tells_of_ada(row)
        assert Redaction.objects.exists()

    @pytest.mark.parametrize(("days", "forgotten"), [(0, False), (2, True)])
    def test_what_was_emitted_of_a_type_that_is_gone_is_forgotten_whole(self, days, forgotten):
        [row] = handled(called())
        long_ago = timezone.now() - timedelta(days=days)
        OutboxEvent.objects.update(type="tests.Gone", occurred_at=long_ago)
        wish(row.subject)
        redaction_job.run_pending()
        assert (not any(data_of(row).values())) == forgotten
        assert Redaction.objects.exists() != forgotten

    def test_traceback_goes_and_that_it_was_given_up_stays(self):
        row = published(called())
        error = "discarded: not worth it\nTraceback\nValueError: ada@example.com"
        Delivery.objects.update(state=Delivery.State.DISCARDED, error=error)
        wish(row.subject)
        redaction_job.run_pending()
        kept = set(Delivery.objects.filter(event=row).values_list("error", flat=True))
        assert kept == {"discarded"}

    def test_one_that_fails_stops_no_other(self, monkeypatch):
        rows = [published(called()) for _ in range(2)]
        Delivery.objects.update(state=Delivery.State.DONE)
        for row in rows:
            wish(row.subject)
        broken = Redaction.objects.order_by("id").first().pk
        look = redaction_job._process
        monkeypatch.setattr(
            redaction_job, "_process", lambda wish: 1 / 0 if wish.pk == broken else look(wish)
        )
        redaction_job.run_pending()
        assert [tells_of_ada(row) for row in rows] == [True, False]
        assert Redaction.objects.get().next_attempt_at > timezone.now()

    def test_a_late_joiner_is_fed_the_redacted_past(self):
        """A blank event is an event like any other."""
        heard: list[Called] = []
        behaviour["note_the_caller"] = heard.append
        [row] = handled(called())
        wish(row.subject)
        redaction_job.run_pending()
        Delivery.objects.filter(app="tests").delete()
        call_command("backfill", "tests")
        assert [event.by.name for event in heard] == ["Ada", ""]


@pytest.mark.django_db
def test_what_a_failed_reaction_tells_others_leaves_out_what_its_event_tells(caplog):
    """The log and traces; the ledger keeps it for who may see it."""
    found = []
    reaction_finished.connect(receiver := lambda error, **_: found.append(error))

    def fail(event):
        raise LookupError(f"nobody is called {event.by.name} at {event.email}")

    behaviour["note_the_caller"] = fail
    with caplog.at_level("INFO"), pytest.raises(AssertionError):
        given(called(by=Caller(name="Lovelace", country="GB")), to="tests")
    reaction_finished.disconnect(receiver)
    assert found == ["LookupError: nobody is called ••• at •••"]
    assert "nobody is called •••" in caplog.text
    assert "Lovelace" not in caplog.text
    assert "Lovelace" in Delivery.objects.get(app="tests").error


@pytest.mark.django_db
def test_of_an_error_and_of_why_it_was_given_up_a_redaction_leaves_the_kind():
    row = published(called())
    rows = Delivery.objects.filter(event=row)
    rows.update(state=Delivery.State.PARKED, error="KeyError: 'Ada'\nof 1 Way")
    failures.discard(rows, by="sue", reason="Ada rang")
    wish(row.subject)
    redaction_job.run_pending()
    assert set(rows.values_list("error", flat=True)) == {"discarded"}
    done = OperatorAction.objects.values_list("kind", "by", "reason")
    assert set(done) == {("discarded", "sue", "")}


@pytest.mark.django_db
def test_errors_with_events_that_tell_of_nobody_are_looked_after_as_well():
    """People write about them all the same; one that is parked is waited for."""
    row = published(Knocked(door=uuid4()))
    rows = Delivery.objects.filter(event=row)
    rows.update(state=Delivery.State.PARKED, error="KeyError: 1", fingerprint="f" * 16)
    failure_notes.annotate("f" * 16, by="sue", note="Ada rang")
    wish(row.subject)
    redaction_job.run_pending()
    assert FailureNote.objects.exists()
    failures.discard(rows, by="sue", reason="Ada rang")
    redaction_job.run_pending(until=LATER)
    assert set(rows.values_list("error", flat=True)) == {"discarded"}
    assert set(OperatorAction.objects.values_list("reason", flat=True)) == {""}
    assert not FailureNote.objects.exists()
    assert not Redaction.objects.exists()
