"""What failures hold up, and since which release they are there."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from django.db.models import Count, QuerySet

from eventbus.delivery.models import Delivery, OutboxEvent
from eventbus.operations.failures import FailureGroup, Key
from eventbus.operations.models import DeployedVersion

#: Deliveries of a group that are looked through for what they hold up.
LOOKED_THROUGH = 500


def held_up(rows: QuerySet[Delivery]) -> dict[Key, int]:
    """Return how many stories each group of these deliveries holds up."""
    counted = (
        rows.order_by()
        .values_list("app", "reaction", "fingerprint")
        .annotate(stories=Count("event__correlation_id", distinct=True))
    )
    return {(app, reaction, alike): count for app, reaction, alike, count in counted}


def held_up_events(rows: QuerySet[Delivery], most: int) -> list[OutboxEvent]:
    """Return an event of each story that deliveries hold up, of the oldest stories."""
    oldest = rows.order_by("id").select_related("event").defer("error")[:LOOKED_THROUGH]
    by_story = {row.event.correlation_id: row.event for row in reversed(oldest)}
    return sorted(by_story.values(), key=attrgetter("occurred_at"))[:most]


def releases(groups: Iterable[FailureGroup]) -> dict[Key, str]:
    """Return since which version of the code of its app each group is there.

    That is the one in use when its oldest event came: `v2`. Where that was before the first one
    that is known, `before v1`; where none is known, an empty text.
    """
    rows = DeployedVersion.objects.order_by("app", "since", "id")
    known = {app: list(versions) for app, versions in groupby(rows, attrgetter("app"))}
    return {group.key: _release(group, known.get(group.app, [])) for group in groups}


def _release(group: FailureGroup, versions: list[DeployedVersion]) -> str:
    until = [each for each in versions if each.since <= group.oldest]
    if until:
        return until[-1].version
    return f"before {versions[0].version}" if versions else ""
