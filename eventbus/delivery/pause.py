"""Pausing an app or one of its reactions: its events wait, whatever is restarted meanwhile.

A worker that meets a delivery of something paused leaves it waiting, and counts no attempt;
the relay does not send it again until it is resumed. What runs at the moment of the pause
ends first: a pause takes effect with the next batch.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from eventbus import registry
from eventbus.delivery.models import Delivery, OperatorAction, Pause
from eventbus.delivery.outbox import wake_relay
from eventbus.exceptions import BusError

#: How far off the relay puts what is paused, so that it need not look at it each second.
POSTPONED_BY = timedelta(hours=1)
#: Deliveries put off in one statement.
BATCH = 5000


class CannotPause(BusError):
    """There is nothing of that name, or it is paused already: the message says which."""


class NotPaused(BusError):
    """It is not paused, is held for work that goes on, or somebody else has just resumed it."""


def pause(app: str, reaction: str = "", *, by: str, reason: str) -> Pause:
    """Have `app`, or one reaction of it, react to nothing until it is resumed.

    Raises `CannotPause`.
    """
    _refuse_unknown(app, reaction)
    return _pause(app, reaction, by=by, reason=reason)


def hold(app: str, held_for: str, *, by: str, reason: str) -> None:
    """Pause an app for work that `release` ends, and no person by `resume`.

    Raises `CannotPause`.
    """
    _refuse_unknown(app, "")
    _pause(app, "", by=by, reason=reason, held_for=held_for)


@transaction.atomic
def _pause(app: str, reaction: str, **more: str) -> Pause:
    found, is_new = Pause.objects.get_or_create(app=app, reaction=reaction, defaults=more)
    if not is_new:
        raise CannotPause(f"{found.name} is paused already, by {found.by}: {found.reason}")
    _record(OperatorAction.Kind.PAUSED, found, found.by, found.reason)
    return found


def resume(app: str, reaction: str = "", *, by: str, reason: str = "") -> int:
    """End a pause; what waited is due at once. Returns how many deliveries that are.

    A reaction that is paused by itself stays so when its app is resumed.
    Raises `NotPaused`.
    """
    return _end(Pause(app=app, reaction=reaction, held_for=""), by, reason)


def release(app: str, held_for: str, *, by: str) -> int:
    """End what `hold` began; returns as `resume`. Raises `NotPaused` where it has ended."""
    return _end(Pause(app=app, held_for=held_for), by, "")


def _end(meant: Pause, by: str, reason: str) -> int:
    with transaction.atomic():
        names = {"app": meant.app, "reaction": meant.reaction}
        ended = Pause.objects.select_for_update().filter(**names).first()
        if ended is None:
            raise NotPaused(f"{meant.name} is not paused")
        if ended.held_for != meant.held_for:
            raise NotPaused(f"{ended.name} is not paused but held: {ended.reason}")
        ended.delete()
        _record(OperatorAction.Kind.RESUMED, ended, by, reason)
        # After the pause is gone, and so is each relay that was about to put rows off for it.
        count = _make_due(ended)
        transaction.on_commit(wake_relay, robust=True)
    return count


def paused(app: str) -> frozenset[str]:
    """Return the names of the app's paused reactions; an empty one stands for all of them."""
    with connection.cursor() as cursor:
        # Written out, for it is asked with each message.
        cursor.execute("select reaction from eventbus_pause where app = %s", [app])
        return frozenset(reaction for (reaction,) in cursor.fetchall())


def everything_paused() -> set[tuple[str, str]]:
    """Return all pauses, by app and reaction; an empty reaction stands for the whole app."""
    return set(Pause.objects.values_list("app", "reaction"))


def is_paused(reaction: str, paused: frozenset[str]) -> bool:
    """Return whether a reaction is among the paused ones of its app."""
    return bool(paused & {"", reaction})


def of_paused(pauses: list[Pause] | None = None) -> Q:
    """Return a filter for the deliveries of everything that is paused."""
    found = Q(pk__in=[])
    for each in Pause.objects.all() if pauses is None else pauses:
        found |= Q(app=each.app, reaction=each.reaction) if each.reaction else Q(app=each.app)
    return found


@transaction.atomic
def postpone() -> None:
    """Put off deliveries that are due but paused.

    Behind a lock on the pauses: whoever resumes waits for it, and makes due what it put off.
    """
    pauses = list(Pause.objects.select_for_update(no_key=True).order_by("id"))
    if not pauses:
        return
    due = Delivery.objects.filter(
        of_paused(pauses), state__in=Delivery.OPEN, resend_at__lte=Now()
    ).order_by("id")
    ids = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:BATCH])
    Delivery.objects.filter(id__in=ids).update(resend_at=Now() + POSTPONED_BY)


def _make_due(ended: Pause) -> int:
    """Make a pause's deliveries due; returns how many.

    Their messages were acknowledged: an expired lease makes the relay resend them even while the
    queue is not empty.
    """
    rows = Delivery.objects.filter(of_paused([ended]), state__in=Delivery.OPEN).filter(
        Q(leased_until=None) | Q(leased_until__lte=Now())
    )
    in_order = rows.order_by("id").select_for_update(no_key=True).values("pk")
    return Delivery.objects.filter(pk__in=in_order).update(
        resend_at=Now(), leased_until=Now(), waiting_since=Now()
    )


def _refuse_unknown(app: str, reaction: str) -> None:
    known = {(each.app, each.name) for _, each in registry.all_reactions()}
    if app not in {app for app, _ in known}:
        raise CannotPause(f"no app {app} reacts to anything: see manage.py events")
    if reaction and (app, reaction) not in known:
        raise CannotPause(f"{app} has no reaction {reaction}: see manage.py events")


def _record(kind: str, pause: Pause, by: str, reason: str) -> None:
    OperatorAction.objects.create(
        kind=kind, app=pause.app, reaction=pause.reaction, by=by, reason=reason
    )
