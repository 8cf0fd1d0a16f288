"""Watching failures empty themselves: what is still open of a group, or of what was retried."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from eventbus.delivery.models import Delivery, OperatorAction
from eventbus.operations import failures
from eventbus.operations.failures import failed_or_parked


@dataclass(frozen=True)
class Rest:
    """What is open of one group: being retried, or failed and not retried since."""

    app: str
    reaction: str
    fingerprint: str
    under_way: int
    settled: int


@dataclass(frozen=True)
class Progress:
    """How far it is: `still_open` of `of` deliveries, `under_way` of them being retried.

    `again` are the groups in which retried ones stand now; `discarded` were given up meanwhile.
    """

    of: int
    still_open: int
    under_way: int
    again: list[Rest]
    discarded: int
    is_over: bool
    #: apps that have to do something for it to go on
    apps: list[str]

    @property
    def failed_again(self) -> int:
        return sum(rest.settled for rest in self.again)

    @property
    def closed(self) -> int:
        return max(self.of - self.still_open, 0)

    @property
    def done(self) -> int:
        return max(self.closed - self.discarded, 0)


def last_action() -> int:
    """Return the id of the last thing an operator did: whatever is done later has a higher one."""
    return OperatorAction.objects.aggregate(last=Max("id"))["last"] or 0


def watch_retried(of: int, since: int, by: str) -> Progress:
    """Return how far `of` deliveries are that `by` retried after the action `since`."""
    actions = OperatorAction.objects.filter(by=by, id__gt=since)
    rests = _rests(_acted_on(failed_or_parked(), actions))
    return _progress(of, rests, [rest for rest in rests if rest.settled], actions, still=None)


def watch_group(group: failures.Key, of: int, since: int) -> Progress:
    """Return how far a group is that had `of` deliveries at the action `since`.

    What has come to it meanwhile counts too. What was retried and fails in another way stands in
    another group.
    """
    app, reaction, fingerprint = group
    actions = OperatorAction.objects.filter(app=app, reaction=reaction, id__gt=since)
    rests = _rests(failed_or_parked(app, reaction, "", fingerprint))
    others = failed_or_parked(app, reaction).exclude(fingerprint=fingerprint)
    elsewhere = [rest for rest in _rests(_acted_on(others, actions)) if rest.settled]
    still = sum(rest.under_way + rest.settled for rest in rests)
    return _progress(max(of, still), rests, elsewhere, actions, still=still)


def _progress(
    of: int,
    rests: list[Rest],
    again: list[Rest],
    actions: QuerySet[OperatorAction],
    still: int | None,
) -> Progress:
    under_way = sum(rest.under_way for rest in rests)
    return Progress(
        of=of,
        still_open=sum(rest.under_way + rest.settled for rest in rests),
        under_way=under_way,
        again=again,
        discarded=actions.filter(kind=OperatorAction.Kind.DISCARDED).count(),
        is_over=not (under_way if still is None else still),
        apps=sorted({rest.app for rest in rests if rest.under_way}),
    )


def _acted_on(rows: QuerySet[Delivery], actions: QuerySet[OperatorAction]) -> QuerySet[Delivery]:
    return rows.filter(Exists(actions.filter(delivery_id=OuterRef("pk"))))


def _rests(rows: QuerySet[Delivery]) -> list[Rest]:
    counted = (
        rows.order_by("app", "reaction", "fingerprint")
        .values_list("app", "reaction", "fingerprint")
        .annotate(
            under_way=Count("id", filter=failures.under_way()),
            settled=Count("id", filter=~failures.under_way()),
        )
    )
    return [Rest(*facts) for facts in counted]
