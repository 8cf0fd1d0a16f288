"""The whole choreography, all apps in one process: whatever happens in whatever order.

Hypothesis makes up stories: people act, messages come late, twice or never, processes die or
stand still at every step, servers break. What breaks a promise is told as the shortest story
that does. `MODEL_EXAMPLES=2000` makes up more of them.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, note
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from eventbus.delivery import crash_points, pause
from eventbus.delivery.crash_points import STEPS
from eventbus.operations import failures
from tests.examples import tried
from tests.scenarios.conftest import buy, small_shop
from tests.scenarios.model import people
from tests.scenarios.model.processes import Processes, comes_due, scheduled, time_passes
from tests.scenarios.model.promises import check_safety, check_settled

#: The same stories each time, unless more are asked for.
STORIES = int(os.environ.get("MODEL_EXAMPLES", "0"))
USUALLY = 20
#: Sentences of a story.
LENGTH = 12
#: Rounds in which everything must have come to its end.
MOST_ROUNDS = 60
#: How many messages a worker takes at a time.
BATCHES = (1, 1, 2, 5)
#: Where a process stands outside of any transaction, so that others can go on meanwhile.
BETWEEN = [
    "relay.claimed",
    "relay.published",
    "worker.received",
    "worker.committed",
    "worker.calling",
    "worker.called",
    "worker.concluded",
]
MAILS = {
    "comes back": "django.core.mail.backends.locmem.EmailBackend",
    "goes away": "django.core.mail.backends.smtp.EmailBackend",
}

ORDERED = {
    "card": st.sampled_from(["a good card"] * 4 + sorted(people.CARDS)),
    "teapots": st.sampled_from([1, 2, 2, 6]),
    "with_a_code": st.booleans(),
}
some = st.integers(1, 50)
any_order = st.integers(0, 2**16)
which = st.integers(0, 9)


class Story(RuleBasedStateMachine):
    """Each rule is a sentence of a story."""

    orders = Bundle("orders")

    def __init__(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.settings = settings
        self.folder = TemporaryDirectory()
        self.processes = Processes(Path(self.folder.name))
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        # Processes of a story die by an exception: they all are this one.
        monkeypatch.setattr(crash_points.os, "kill", self.processes.steps.reached)
        self._open_the_shop()

    def _open_the_shop(self) -> None:
        mail.outbox.clear()
        self.settings.EVENTBUS_CRASH_AT = self.folder.name
        # Nobody listens there.
        self.settings.EMAIL_HOST, self.settings.EMAIL_PORT = "127.0.0.1", 1
        self.the_mail_server("comes back")
        small_shop(self.settings)

    # What people do

    @initialize(target=orders, **ORDERED)
    def a_first_shopper_orders(self, card: str, teapots: int, with_a_code: bool) -> UUID:
        return self._order(card, teapots, with_a_code)

    @rule(target=orders, **ORDERED)
    def a_shopper_orders(self, card: str, teapots: int, with_a_code: bool) -> UUID:
        return self._order(card, teapots, with_a_code)

    def _order(self, card: str, teapots: int, with_a_code: bool) -> UUID:
        order = buy(people.CARDS[card], teapots=teapots, percent_off=10 * with_a_code)
        return order.id

    @rule(order=orders, does=st.sampled_from(sorted(people.SHOPPER)))
    def the_shopper(self, order: UUID, does: str) -> None:
        people.SHOPPER[does](order)

    @rule(order=orders, do=st.sampled_from(sorted(people.STAFF)))
    def staff(self, order: UUID, do: str) -> None:
        people.STAFF[do](order)

    @rule(app=st.sampled_from(["billing", "inventory", "notifications", "orders", "shipping"]))
    def an_operator_pauses(self, app: str) -> None:
        if not pause.paused(app):
            pause.pause(app, by="operator", reason="to see")

    @rule()
    def an_operator_resumes_and_retries_everything(self) -> None:
        for app, reaction in sorted(pause.everything_paused()):
            pause.resume(app, reaction, by="operator")
        failures.retry(failures.failed_or_parked(), by="operator")

    # What processes do

    @rule(messages=some, shuffled=any_order)
    def everybody_works(self, messages: int, shuffled: int) -> None:
        order = Random(shuffled)
        for _ in range(messages):
            self.processes.relay()
            if waiting := self.processes.broker.messages:
                first = waiting[order.randrange(len(waiting))]
                most = order.choice(BATCHES)
                self.processes.work(*self.processes.waiting_with(first, most))

    @rule(messages=some, shuffled=any_order, step=st.sampled_from(STEPS))
    def everybody_works_but_one_dies(self, messages: int, shuffled: int, step: str) -> None:
        with self.processes.steps.at(step, self.processes.die):
            self.processes.send_again()
            self.everybody_works(messages, shuffled)

    @rule(
        messages=some,
        shuffled=any_order,
        step=st.sampled_from(BETWEEN),
        too_long=st.booleans(),
        others=st.integers(0, 20),
    )
    def everybody_works_but_one_stands_still(
        self, messages: int, shuffled: int, step: str, too_long: bool, others: int
    ) -> None:
        """Too long: its lease is over, and what it does is given to another."""

        def meanwhile() -> None:
            if too_long:
                time_passes()
                self.processes.send_again()
            self.everybody_works(others, shuffled)

        self._meanwhile(step, meanwhile, messages, shuffled)

    @rule(
        messages=some,
        shuffled=any_order,
        step=st.sampled_from(BETWEEN),
        order=orders,
        does=st.sampled_from(sorted(people.SHOPPER)),
    )
    def everybody_works_and_at_a_bad_moment_the_shopper(
        self, messages: int, shuffled: int, step: str, order: UUID, does: str
    ) -> None:
        def meanwhile() -> None:
            people.SHOPPER[does](order)

        self._meanwhile(step, meanwhile, messages, shuffled)

    def _meanwhile(
        self, step: str, happens: Callable[[], None], messages: int, shuffled: int
    ) -> None:
        with self.processes.steps.at(step, happens):
            self.everybody_works(messages, shuffled)

    # What goes wrong between them

    @rule(which=which)
    def messages_come_twice(self, which: int) -> None:
        """Every message there is from the one on, and on other ways than before."""
        self.processes.relay()
        self.processes.broker.double(which)

    @rule(which=which)
    def a_message_is_lost(self, which: int) -> None:
        self.processes.relay()
        if waiting := self.processes.broker.messages:
            note(f"    {waiting.pop(which % len(waiting))}")

    @rule()
    def the_broker_forgets_everything(self) -> None:
        self.processes.relay()
        self.processes.broker.messages.clear()

    @rule(events=st.integers(0, 5))
    def the_connection_to_the_broker_breaks_after(self, events: int) -> None:
        self.processes.broker.takes = events

    @rule(does=st.sampled_from(sorted(MAILS)))
    def the_mail_server(self, does: str) -> None:
        self.settings.EMAIL_BACKEND = MAILS[does]

    @rule()
    def time_passes(self) -> None:
        time_passes()
        self.processes.send_again()

    @rule(which=which)
    def a_time_has_come(self, which: int) -> None:
        if rows := scheduled():
            note(f"    {rows[which % len(rows)]}")
            comes_due(rows[which % len(rows)])

    # What is promised

    def check_invariants(self, *_: Any) -> None:
        """After every sentence. Hypothesis' own invariants would be sentences themselves."""
        check_safety()

    def teardown(self) -> None:
        """Told to its end, unless it broke a promise before."""
        try:
            if sys.exc_info()[0] is None:
                note("In the end everything works again, and every time comes.")
                self._settle()
                check_settled()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
            self.folder.cleanup()

    def _settle(self) -> None:
        self.processes.broker.takes = None
        self.the_mail_server("comes back")
        self.an_operator_resumes_and_retries_everything()
        self._work_until_nothing_is_open()
        while rows := scheduled():
            comes_due(rows[0])
            self._work_until_nothing_is_open()

    def _work_until_nothing_is_open(self) -> None:
        for _ in range(MOST_ROUNDS):
            self.processes.relay()
            while waiting := self.processes.broker.messages:
                self.processes.work(*self.processes.waiting_with(waiting[0], max(BATCHES)))
                self.processes.relay()
            time_passes()
            failures.retry(failures.failed_or_parked(state="parked"), by="operator")
            self.processes.send_again()
            if not self.processes.broker.messages:
                return


@pytest.mark.hypothesis
@pytest.mark.django_db
def test_no_story_breaks_a_promise(settings, monkeypatch):
    settings.FRAUD_FLAG_SCORE = 30
    run_state_machine_as_test(
        lambda: Story(settings, monkeypatch),
        settings=hypothesis_settings(
            max_examples=STORIES or tried(USUALLY),
            stateful_step_count=LENGTH,
            derandomize=not STORIES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
