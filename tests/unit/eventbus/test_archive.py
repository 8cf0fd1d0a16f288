"""Months of the past go into files when nobody needs them, and come back whole."""

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.delivery.runner import Incoming, handle
from eventbus.envelope import Envelope
from eventbus.event import Event
from eventbus.history.archive import BrokenFile, archive, archived_until, files, restore
from eventbus.history.archive.archive_checks import NotArchivable
from eventbus.history.archive.tables import Busy, detach
from eventbus.history.backfill import missing
from eventbus.history.models import ArchivedMonth, Redaction
from eventbus.history.partitions import Partition, attach, create_tables, first_id, partition_of
from tests.databases import drop_months
from tests.unit.eventbus.events import Called, Caller, Rang

pytestmark = pytest.mark.django_db

#: A month after all that the tests state now: to be archived, it need only be named.
THEN = datetime(2033, 5, 17, tzinfo=UTC)
EVER = datetime.min.replace(tzinfo=UTC)


@pytest.fixture
def month() -> Partition:
    drop_months()
    made = partition_of(THEN)
    create_tables(made)
    attach(made)
    return made


def add_event(event: Event, moment: datetime = THEN) -> OutboxEvent:
    """An event of the month, published, with its reactions done."""
    row = OutboxEvent.of(Envelope.around(event))
    row.id = row.correlation_id = first_id(
        moment + timedelta(milliseconds=OutboxEvent.objects.count())
    )
    row.occurred_at = row.publish_after = row.published_at = moment
    row.save(force_insert=True)
    for reaction in ("answer", "wake_the_dog"):
        Delivery.objects.create(event=row, app="tests", reaction=reaction, state="done")
    return row


@pytest.fixture
def rows(month) -> list[OutboxEvent]:
    return [add_event(Rang(bell=uuid4())) for _ in range(3)]


def ada_called() -> Called:
    ada = Caller(name="Ada", street="1 Ada Way", country="GB")
    texts = {"email": "ada@example.com", "note": "Ada", "said": ("Ada here",)}
    return Called(bell=uuid4(), by=ada, with_them=(ada,), **texts)


def lines(file: Path) -> list[dict]:
    with gzip.open(file) as found:
        return [json.loads(line) for line in found]


def everything() -> list:
    return [*OutboxEvent.objects.order_by("id").values(), *Delivery.objects.order_by("id").values()]


def test_a_settled_month_goes_into_a_file_and_out_of_the_database(month, rows, tmp_path):
    other = add_event(Rang(bell=uuid4()), timezone.now())
    archived = archive(month, tmp_path)
    assert [line["id"] for line in lines(Path(archived.file))] == [str(row.id) for row in rows]
    assert (archived.events, archived.deliveries, archived_until()) == (3, 6, month.until)
    assert list(OutboxEvent.objects.all()) == [other]
    assert Delivery.objects.exclude(event=other).count() == 0
    assert Path(archived.file).stat().st_mode & 0o777 == 0o600


def test_it_comes_back_as_it_was(month, rows, tmp_path):
    before = everything()
    archived = archive(month, tmp_path)
    restore(archived, Path(archived.file))
    assert everything() == before
    assert archived_until() is None
    assert archive(month, tmp_path).sha256 == archived.sha256


def test_what_is_of_an_older_version_is_in_todays_form_in_the_file(month, tmp_path):
    row = add_event(Rang(bell=uuid4()))
    data = {"thing": "pear", "cents": 250, "bought_by": "Ada"}
    OutboxEvent.objects.filter(pk=row.pk).update(type="tests.Priced", version=1, data=data)
    [line] = lines(Path(archive(month, tmp_path).file))
    assert (line["version"], line["data"]) == (2, {"thing": "pear", "price": "2.5", "note": ""})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda row: OutboxEvent.objects.filter(pk=row.pk).update(published_at=None), "not publ"),
        (lambda row: row.deliveries.update(state="waiting"), "2 reactions are waiting or failed"),
        (lambda row: row.deliveries.update(state="failed"), "2 reactions are waiting or failed"),
        (lambda row: row.deliveries.update(state="parked"), "2 reactions are parked"),
        (lambda row: Redaction.objects.create(cause=row, subjects=[]), "1 redactions"),
        (lambda row: OutboxEvent.objects.filter(pk=row.pk).update(version=9), "version 9"),
    ],
)
def test_what_somebody_may_still_need_stays_with_its_whole_month(
    month, rows, tmp_path, change, reason
):
    change(rows[1])
    with pytest.raises(NotArchivable, match=reason):
        archive(month, tmp_path)
    assert OutboxEvent.objects.count() == 3
    assert list(tmp_path.iterdir()) == []


def test_events_of_a_type_gone_from_the_code_keep_no_month_and_their_values_go(
    month, rows, tmp_path
):
    ada = add_event(ada_called())
    OutboxEvent.objects.filter(pk=ada.pk).update(type="a.Gone")
    archived = archive(month, tmp_path)
    [gone] = [line for line in lines(Path(archived.file)) if line["type"] == "a.Gone"]
    assert set(gone["data"].values()) == {""}
    assert gone["redacted_at"]
    assert len(gone["deliveries"]) == 2


def test_what_is_fed_to_somebody_while_the_file_is_written_stays(month, rows, tmp_path):
    content = files.write(month, tmp_path / "file")
    Delivery.objects.create(event=rows[0], app="late", reaction="joiner", state="done")
    with pytest.raises(NotArchivable, match="changed"):
        detach(month, tmp_path / "file", content)
    assert OutboxEvent.objects.count() == 3


def test_a_file_that_does_not_read_as_it_was_written_takes_nothing_away(
    month, rows, tmp_path, monkeypatch
):
    monkeypatch.setattr("eventbus.history.archive.verify", lambda file: files.Content(2, 4, ""))
    with pytest.raises(BrokenFile):
        archive(month, tmp_path)
    assert OutboxEvent.objects.count() == 3


@pytest.mark.parametrize("broken", [b"", b"nothing compressed", gzip.compress(b"{}\n", mtime=0)])
def test_a_broken_file_is_not_put_back(month, rows, tmp_path, broken):
    archived = archive(month, tmp_path)
    Path(archived.file).write_bytes(broken)
    with pytest.raises(BrokenFile):
        restore(archived, Path(archived.file))
    assert ArchivedMonth.objects.count() == 1


def test_the_file_tells_of_nobody(month, tmp_path):
    row = add_event(ada_called())
    row.deliveries.update(error="it broke\nada@example.com was there")
    text = json.dumps(lines(Path(archive(month, tmp_path).file)))
    assert not re.search(r"\bada\b", text.lower())
    assert "it broke" in text


def test_a_copy_of_its_message_that_comes_years_later_does_nothing(month, rows, tmp_path):
    message = Incoming(rows[0].envelope, redelivered=True)
    archive(month, tmp_path)
    handle("tests", [message])
    assert not OutboxEvent.objects.exists()
    assert not Delivery.objects.exists()


def test_an_app_that_joins_late_is_fed_what_was_put_back(month, rows, tmp_path):
    Delivery.objects.filter(reaction="wake_the_dog").delete()
    archived = archive(month, tmp_path)
    assert not missing("tests", EVER)
    restore(archived, Path(archived.file))
    assert sum(missing("tests", EVER).values()) == 3
    call_command("backfill", "tests")
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


@pytest.mark.django_db(transaction=True)
def test_who_reads_is_waited_for_and_then_left_alone(month, rows, tmp_path, monkeypatch):
    monkeypatch.setattr("eventbus.history.archive.tables.TRIES", 1)
    reader = connection.copy()
    reader.set_autocommit(False)
    try:
        with reader.cursor() as cursor:
            cursor.execute("select count(*) from eventbus_outboxevent")
        with pytest.raises(Busy):
            archive(month, tmp_path)
    finally:
        reader.close()
    assert OutboxEvent.objects.count() == 3
    archive(month, tmp_path)
    assert OutboxEvent.objects.count() == 0


class TestCommand:
    def run(self, *args: str) -> list[dict]:
        out = StringIO()
        call_command("archive", *args, "--json", stdout=out)
        return json.loads(out.getvalue())["months"]

    @pytest.fixture(autouse=True)
    def _years_later(self, monkeypatch):
        later = THEN + timedelta(days=400)
        monkeypatch.setattr("eventbus.history.management.commands.archive.clock.now", lambda: later)

    def test_months_before_one_are_archived_and_shown(self, month, rows, tmp_path):
        begin, done = self.run("--before", "2033-06", "--to", str(tmp_path))
        assert (begin["month"], begin["events"]) == ("initial", 0)
        assert (done["month"], done["state"], done["events"]) == ("2033-05", "archived", 3)
        assert [each["state"] for each in self.run()] == ["archived", "archived"]

    def test_a_dry_run_takes_nothing_away(self, month, rows, tmp_path):
        assert {each["state"] for each in self.run("--before", "2033-06", "--dry-run")} == {
            "settled"
        }
        assert OutboxEvent.objects.count() == 3

    def test_a_month_that_had_to_stay_is_an_exit_code(self, month, rows, tmp_path):
        rows[0].deliveries.update(state="parked")
        with pytest.raises(SystemExit):
            self.run("--before", "2033-06", "--to", str(tmp_path))
        assert OutboxEvent.objects.count() == 3

    def test_a_month_is_put_back_by_its_name(self, month, rows, tmp_path):
        self.run("--before", "2033-06", "--to", str(tmp_path))
        assert self.run("--restore", "2033-05")[0]["state"] == "restored"
        assert OutboxEvent.objects.count() == 3

    @pytest.mark.parametrize("wrong", ["2033", "2033-13", "May", "2034-12"])
    def test_what_is_no_month_that_is_over_is_refused(self, wrong):
        with pytest.raises(CommandError, match=wrong):
            self.run("--before", wrong)

    def test_backfill_says_what_is_archived(self, month, rows, tmp_path):
        archive(month, tmp_path)
        out = StringIO()
        call_command("backfill", "tests", stdout=out)
        assert "events before 2033-06 are archived" in out.getvalue()
