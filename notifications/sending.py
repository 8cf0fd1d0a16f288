"""Sending mails from a reaction: written down, sent, their outcome recorded."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial, wraps
from typing import TypeVar

import structlog

from eventbus import Event, ExternalCalls
from notifications.events import ResendMail
from notifications.gateway import deliver
from notifications.letter import Letter
from notifications.models import Allowance, ErasedCustomer, Mail

AnyEvent = TypeVar("AnyEvent", bound=Event)

log = structlog.get_logger("notifications")

#: What staff must do about money, without a word of whose it is.
OF_MONEY_ALONE = frozenset({"dispute_opened", "dispute_lost", "refund_failed"})


def sends(
    write: Callable[[AnyEvent], Letter | None],
) -> Callable[[list[AnyEvent]], ExternalCalls]:
    """Make a reaction to many events of what writes the letter about one, or none."""

    @wraps(write)
    def react(events: list[AnyEvent]) -> ExternalCalls:
        yield from send([letter for event in events if (letter := write(event))])

    return react


def send(letters: Sequence[Letter]) -> ExternalCalls:
    """Send the mails of these letters, each once.

    Without an address nobody gets one, for guests may leave none; nor about whom the shop has
    forgotten, unless it tells staff of money alone; nor who got as many of this kind as one
    person gets, unless the order is paid.
    """
    written = Mail.objects.already(letters)
    there = {mail.pk for mail in written}
    new = _permitted([letter for letter in letters if letter.id not in there])
    mails = {mail.event_id: mail for mail in [*written, *Mail.objects.written(new)]}
    refusals = yield {
        event_id: partial(deliver, mail)
        for event_id, mail in mails.items()
        if mail.state == Mail.State.SENDING
    }
    Mail.objects.conclude((mails[event_id], refusal) for event_id, refusal in refusals.items())


def send_copy(event: ResendMail) -> ExternalCalls:
    """Send the copy that `event` asks for, once."""
    mail = Mail.objects.copied(event.mail_id, event)
    if mail and mail.state == Mail.State.SENDING:
        Mail.objects.conclude([(mail, (yield partial(deliver, mail)))])


def _permitted(letters: Sequence[Letter]) -> list[Letter]:
    """Return the letters that may be sent; log why the others are not."""
    addressed = _only((letter for letter in letters if letter.to), letters, "there is no address")
    known = _only(_of_known(addressed), addressed, "they have been forgotten")
    return _only(_of_few(known), known, "they got as many of this kind as one person gets")


def _only(fit: Iterator[Letter], letters: Sequence[Letter], why: str) -> list[Letter]:
    """Return those that fit; log why there is no mail of the other letters."""
    left = list(fit)
    for letter in letters:
        if letter not in left:
            log.info("no mail", kind=letter.kind, event_id=str(letter.event.id), why=why)
    return left


def _of_known(letters: Sequence[Letter]) -> Iterator[Letter]:
    asked = [letter.event for letter in letters if letter.kind not in OF_MONEY_ALONE]
    known = {event.id for event in ErasedCustomer.others(asked)} if asked else set()
    return (each for each in letters if each.kind in OF_MONEY_ALONE or each.event.id in known)


def _of_few(letters: Sequence[Letter]) -> Iterator[Letter]:
    allowed = Allowance.take([(letter.kind, letter.to) for letter in letters])
    return (
        letter
        for letter, is_allowed in zip(letters, allowed, strict=True)
        if is_allowed or Mail.objects.is_paid(letter.event)
    )
