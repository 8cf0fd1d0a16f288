"""Several workers at the same moment, in real transactions side by side."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction

from billing.events import OrderBilled, PaymentCompleted
from billing.gateway import Approved, GatewayUnavailable
from billing.models import Charge, Invoice
from billing.sandbox import SandboxProcessor
from eventbus.testing import emitted
from tests.unit.billing import facts

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def at_once(*works):
    """Run these in threads that start together; returns what they return."""
    barrier = Barrier(len(works))

    def run(work):
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def react_at_once(*events):
    for event in events:
        facts.emit_with_deliveries(event)
    at_once(*(lambda event=event: facts.deliver(event) for event in events))
    facts.insist(*events)


def test_facts_that_come_at_once_take_the_money_once():
    for _ in range(ROUNDS):
        order_id = uuid4()
        react_at_once(*(fact(order_id) for fact in (facts.placed, facts.reserved, facts.cleared)))
        assert facts.moved(order_id, "capture") == facts.TOTAL
        assert facts.operations(order_id, "capture") == 1
        assert len(emitted(PaymentCompleted, order_id=order_id)) == 1
        assert len(emitted(OrderBilled, order_id=order_id)) == 1


def test_order_cancelled_as_everything_comes_at_once_keeps_no_money():
    for _ in range(ROUNDS):
        order_id = uuid4()
        wanted = (facts.placed, facts.reserved, facts.cleared, facts.cancelled)
        react_at_once(*(fact(order_id) for fact in wanted))
        assert facts.nothing_is_open(order_id)
        assert facts.moved(order_id, "capture") == facts.moved(order_id, "refund")
        voided = facts.operations(order_id, "void")
        held, taken = (facts.operations(order_id, kind) for kind in ("authorize", "capture"))
        assert voided == held - taken


def test_processor_asked_twice_at_once_with_one_key_acts_once():
    token = facts.placed(uuid4()).card.token

    def hold():
        try:
            return SandboxProcessor().authorize(
                "key", token=token, amount=facts.TOTAL, currency="EUR"
            )
        except GatewayUnavailable:
            return SandboxProcessor().find("key")

    first, second = at_once(hold, hold)
    assert first == second
    assert isinstance(first, Approved)


def test_held_money_is_either_taken_or_released_by_the_processor():
    token = facts.placed(uuid4()).card.token
    sandbox = SandboxProcessor()
    for n in range(ROUNDS):
        held = sandbox.authorize(f"{n}", token=token, amount=facts.TOTAL, currency="EUR").reference
        answers = at_once(
            lambda n=n, held=held: sandbox.capture(f"{n}c", authorization=held, amount=facts.TOTAL),
            lambda n=n, held=held: sandbox.void(f"{n}v", authorization=held),
        )
        assert sum(isinstance(answer, Approved) for answer in answers) == 1


def test_invoices_written_at_once_or_taken_back_leave_out_no_number():
    charges = [Charge.objects.create(order_id=uuid4(), currency="EUR") for _ in range(8)]

    def write(charge):
        with suppress(Crash), transaction.atomic():
            Invoice.issue(charge)
            if charge in charges[2:4]:
                raise Crash

    at_once(*(partial(write, charge) for charge in charges))
    assert set(Invoice.objects.values_list("id", flat=True)) == set(range(1, 7))


class Crash(Exception):
    """Something went wrong after the number was taken."""
