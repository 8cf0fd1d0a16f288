"""The rules of the alerts. Each names what it finds above its limit."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from eventbus import clock
from eventbus.clock import WRONG
from eventbus.conf import conf
from eventbus.console.hooks import Facts, Found, Rule, hooks
from eventbus.console.render_tree import format_duration
from eventbus.history import partitions
from eventbus.operations import failures, metrics, unknown_events, worker_status
from eventbus.operations.models import OverdueEpisode

#: A share of fewer failures says nothing.
FEWEST = 5
#: So many causes of one app raise alerts of their own: a fault with a hundred is no hundred mails.
MOST_CAUSES = 5


def _old_queues(facts: Facts) -> Iterator[Found]:
    for each in facts.waiting:
        age = clock.now() - each.oldest if each.oldest else timedelta()
        if age > conf.ALERT_QUEUE_AGE and "" not in each.paused:
            many = count(each.waiting + each.failed, "event waits", "events wait")
            yield Found(each.app, f"{each.app}: {many}, the oldest for {in_words(age)}")


def _many_failures(facts: Facts) -> Iterator[Found]:
    recent = metrics.recent()
    for each in facts.waiting:
        tried = each.failed + (recent[each.app].done if each.app in recent else 0)
        if each.failed >= FEWEST and 100 * each.failed > conf.ALERT_FAILURES * tried:
            yield Found(each.app, f"{each.app}: {each.failed} of {tried} reactions fail just now")


def _parked(_: Facts) -> Iterator[Found]:
    """Find parked reactions by cause; of an app with many causes, sum up the later ones."""
    for app, causes in groupby(failures.causes_parked(), attrgetter("app")):
        by_app = list(causes)
        others = by_app[MOST_CAUSES:]
        for each in by_app[:MOST_CAUSES]:
            message = f"{each.name}: {each.parked} parked alike, which needs a person"
            yield Found(f"{app} {each.fingerprint}", message)
        if others:
            many = sum(each.parked for each in others)
            yield Found(app, f"{app}: {many} more parked, for {len(others)} other reasons")


def _outbox_lag(_: Facts) -> Iterator[Found]:
    outbox = metrics.outbox()
    age = clock.now() - outbox.oldest if outbox.oldest else timedelta()
    if age > conf.ALERT_OUTBOX_AGE:
        many = count(outbox.backlog, "event is", "events are")
        yield Found("", f"{many} not published, the oldest for {in_words(age)}")


def _unknown_types(_: Facts) -> Iterator[Found]:
    for each in unknown_events.unknown_types():
        age = clock.now() - each.oldest if each.oldest else timedelta()
        if age > conf.ALERT_OUTBOX_AGE:
            many = count(each.waiting, "event waits", "events wait")
            yield Found(each.type, f"{many} for code that knows {each.type}")


def _overdue(_: Facts) -> Iterator[Found]:
    for app, late in Counter(OverdueEpisode.objects.values_list("app", flat=True)).items():
        many = count(late, "reaction has", "reactions have")
        yield Found(app, f"{app}: {many} not answered in time")


def _wrong_clocks(_: Facts) -> Iterator[Found]:
    for worker in worker_status.workers():
        if worker.clock and worker.state != "lost":
            yield Found(worker.seen.host, f"the clock of {worker.seen} is {worker.clock}")


def _beside_the_months(_: Facts) -> Iterator[Found]:
    for month in partitions.misplaced():
        yield Found(month.name, f"events of {month.name} stand in no month: nobody archives them")


def _failing(_: Facts) -> Iterator[Found]:
    for each in worker_status.workers():
        if each.state == "failing":
            yield Found(
                str(each.seen), f"{each.seen} fails at all it tries: {each.seen.last_error}"
            )


def count(many: int, one: str, more: str) -> str:
    """Say how many: `count(2, "event waits", "events wait")`."""
    return f"{many} {one if many == 1 else more}"


def in_words(time: timedelta) -> str:
    """Say how long, short: `1.5 s`."""
    return format_duration(round(time / timedelta(milliseconds=1)))


def all_rules() -> list[Rule]:
    """Return the rules of the bus and those that the project added."""
    return [*RULES, *hooks.alert_rules]


#: The rules of the bus.
RULES = [
    Rule(
        "queue age",
        "an event waits",
        lambda: in_words(conf.ALERT_QUEUE_AGE),
        _old_queues,
        "workers",
        "See whether a worker of the app is there, and not stalled",
    ),
    Rule(
        "failure rate",
        f"of at least {FEWEST} reactions of an app fail",
        lambda: f"{conf.ALERT_FAILURES:g} %",
        _many_failures,
        "failed",
        "Read the error; retries go on by themselves",
    ),
    Rule(
        "failing worker",
        "a worker fails at all it tries",
        lambda: "1",
        _failing,
        "workers",
        "Read the error; its messages wait and nothing is lost",
    ),
    Rule(
        "parked",
        "reactions are parked for one reason",
        lambda: "1",
        _parked,
        "failed",
        "Try one out with a dry run, mend the cause, retry the group",
    ),
    Rule(
        "outbox lag",
        "a due event is unpublished",
        lambda: in_words(conf.ALERT_OUTBOX_AGE),
        _outbox_lag,
        "throughput",
        "See whether the broker answers, and a relay is there",
    ),
    Rule(
        "unknown events",
        "an event of a type that no code here knows is unpublished",
        lambda: in_words(conf.ALERT_OUTBOX_AGE),
        _unknown_types,
        "throughput",
        "See whether a deploy is under way; of a type that is gone, park or discard them",
    ),
    Rule(
        "overdue reactions",
        "reactions of an app are overdue",
        lambda: "1",
        _overdue,
        "overdue",
        "See which, and whether a worker of the app is there",
    ),
    Rule(
        "wrong clock",
        "a host's clock differs from the database's",
        lambda: in_words(WRONG),
        _wrong_clocks,
        "workers",
        "Set the clock, and see why nobody keeps it",
    ),
    Rule(
        "beside the months",
        "events stand in no month of history",
        lambda: "1",
        _beside_the_months,
        "now",
        "A relay moves a few by itself; otherwise: manage.py partitions --make",
    ),
]
