"""A message is tried again for days, with waits that grow."""

from datetime import timedelta

from eventbus.bridges.webhooks import schedule
from eventbus.bridges.webhooks.checks import check_settings
from eventbus.conf import SETTINGS

WAITS = SETTINGS["WEBHOOKS_RETRY_AFTER"].default


def test_waits_grow_over_days_and_a_receiver_is_given_up_before_they_end():
    assert sorted(WAITS) == WAITS
    assert WAITS[0] < timedelta(minutes=1)
    whole = sum(WAITS, timedelta())
    assert whole > SETTINGS["WEBHOOKS_DISABLE_AFTER"].default >= timedelta(days=3)


def test_turn_that_outlasts_the_claim_of_its_worker_is_refused_at_the_start(settings):
    settings.EVENTBUS_WEBHOOKS_TIMEOUT = timedelta(seconds=10)
    settings.EVENTBUS_LEASE = timedelta(seconds=30)
    assert check_settings() == []
    settings.EVENTBUS_LEASE = timedelta(seconds=20)
    [error] = check_settings()
    assert "above 20 s" in error.hint


def test_each_failure_has_its_wait_and_the_last_has_none(settings):
    settings.EVENTBUS_WEBHOOKS_RETRY_AFTER = [timedelta(seconds=10), timedelta(hours=1)]
    for failures, wait in ((1, 10), (2, 3600)):
        waits = [schedule.wait_after(failures).total_seconds() for _ in range(20)]
        assert all(wait <= each <= wait * (1 + schedule.JITTER) for each in waits)
        assert len(set(waits)) > 1
    assert schedule.wait_after(3) is None


def test_who_does_not_answer_is_left_alone_for_as_long_as_the_last_wait(settings):
    settings.EVENTBUS_WEBHOOKS_RETRY_AFTER = [timedelta(seconds=10), timedelta(hours=1)]
    assert schedule.rest_after(1) < timedelta(minutes=1)
    assert timedelta(hours=1) <= schedule.rest_after(9) < timedelta(hours=2)
