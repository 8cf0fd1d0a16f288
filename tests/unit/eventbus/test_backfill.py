"""An app that joined later is fed the past, once."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.history.backfill import UnknownApp, backfill
from eventbus.testing import emit, emitted, given, resume
from tests.unit.eventbus.events import Answered, Knocked, Rang

pytestmark = pytest.mark.django_db

EVER = datetime.min.replace(tzinfo=UTC)


@pytest.fixture
def past() -> list[Rang]:
    """Two events that were published before the app was there."""
    events = [Rang(bell=uuid4()) for _ in range(2)]
    for event in events:
        with transaction.atomic():
            emit(event)
    OutboxEvent.objects.update(published_at=timezone.now())
    return events


def test_past_events_are_opened_and_then_take_effect_once(past):
    assert backfill("tests", EVER)["tests.Rang"] == 4
    resume("tests")
    assert len(emitted(Answered)) == 2
    assert backfill("tests", EVER)["tests.Rang"] == 0


def test_what_the_app_has_had_is_left_alone():
    given(Rang(bell=uuid4()), to="tests")
    assert backfill("tests", EVER)["tests.Rang"] == 0
    assert len(emitted(Answered)) == 1


def test_other_apps_get_nothing(past):
    backfill("tests", EVER)
    assert set(Delivery.objects.values_list("app", flat=True)) == {"tests"}


def test_events_before_the_day_or_of_other_types_stay_in_the_past(past):
    assert backfill("tests", timezone.now() + timedelta(days=1))["tests.Rang"] == 0
    assert backfill("tests", EVER, Knocked.type) == {"tests.Knocked": 0}


def test_app_that_reacts_to_nothing_is_refused():
    with pytest.raises(UnknownApp, match="nobody"):
        backfill("nobody", EVER)


def test_command_says_how_many(past):
    out = StringIO()
    call_command("backfill", "tests", "--type", "tests.Rang", stdout=out)
    assert out.getvalue().splitlines()[-1].split()[0] == "4"


@pytest.mark.parametrize(
    "arguments", [["nobody"], ["tests", "--since", "soon"], ["tests", "--type", "no.Such"]]
)
def test_command_refuses_bad_arguments_by_name(arguments):
    with pytest.raises(CommandError, match=arguments[-1]):
        call_command("backfill", *arguments)
