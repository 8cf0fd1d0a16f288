"""What a reaction may cost: the most SQL statements of its own, however many lines an order has.

Not counted are the bus's statements around it, and those of an external call. `STATEMENTS` has a
line for each reaction there is. Lower the number of one that has got cheaper; a new one gets the
number that the failing test found, and a story in `every_reaction` where none there reaches it.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection

from eventbus import registry
from tests.scenarios.every_reaction import STORIES, reactions_as, stocked_up

#: More than any number in `STATEMENTS`: what takes a statement for each line is above it.
LINES = 30
#: By reaction.
STATEMENTS = {
    "analytics.count_event": 2,
    "billing.authorise_confirmed_payment": 7,
    "billing.authorise_payment": 5,
    "billing.authorise_with_another_card": 8,
    "billing.capture_once_cleared": 6,
    "billing.capture_once_points_redeemed": 6,
    "billing.capture_once_reserved": 6,
    "billing.compare_books": 14,
    "billing.forget_customer": 6,
    "billing.give_back_cancelled_order": 8,
    "billing.look_into_notified_payment": 5,
    "billing.refund_as_requested": 6,
    "billing.refund_return": 8,
    "billing.refund_what_will_not_come": 10,
    "billing.release_order_without_points": 4,
    "billing.release_refused_order": 4,
    "billing.release_unservable_order": 4,
    "catalogue.adjust_price": 8,
    "catalogue.reset_price": 7,
    "catalogue.show_availability": 4,
    "fraud.forget_customer": 4,
    "fraud.screen_order": 4,
    "fraud.withdraw_undecided": 3,
    "inventory.look_again": 3,
    "inventory.release_closed_units": 7,
    "inventory.release_stock": 6,
    "inventory.reserve_stock": 6,
    "inventory.restock": 6,
    "inventory.sell_as_listed": 3,
    "inventory.sell_stock": 7,
    "inventory.take_in_opening_stock": 7,
    "loyalty.close_account": 2,
    "loyalty.give_points": 8,
    "loyalty.give_points_of_claimed_orders": 7,
    "loyalty.open_account": 1,
    "loyalty.redeem_points": 7,
    "loyalty.return_points": 0,
    "loyalty.take_back_points": 6,
    "loyalty.take_back_refunded_points": 6,
    "notifications.acknowledge_order": 7,
    "notifications.acknowledge_return": 6,
    "notifications.ask_for_another_card": 7,
    "notifications.ask_staff_to_decide": 8,
    "notifications.ask_to_confirm_payment": 7,
    "notifications.confirm_order": 6,
    "notifications.emit_due_alerts": 3,
    "notifications.forget_cart": 3,
    "notifications.forget_customer": 19,
    "notifications.keep_alert": 7,
    "notifications.note_language": 3,
    "notifications.remind_of_cart": 11,
    "notifications.send_account_mail": 7,
    "notifications.send_back_in_stock_alert": 9,
    "notifications.send_once_more": 4,
    "notifications.tell_cancelled": 7,
    "notifications.tell_delivered": 6,
    "notifications.tell_how_to_return": 6,
    "notifications.tell_of_alert": 6,
    "notifications.tell_of_disabled_webhook": 7,
    "notifications.tell_of_recovery": 6,
    "notifications.tell_on_its_way": 6,
    "notifications.tell_reduced": 6,
    "notifications.tell_refunded": 6,
    "notifications.tell_return_received": 6,
    "notifications.tell_return_refused": 6,
    "notifications.tell_staff_of_lost_dispute": 4,
    "notifications.tell_too_late_to_cancel": 0,
    "notifications.warn_staff_of_dispute": 4,
    "notifications.warn_staff_of_failed_refund": 4,
    "notifications.warn_staff_of_low_stock": 6,
    "notifications.watch_cart": 5,
    "notifications.welcome": 7,
    "orders.cancel_as_requested": 4,
    "orders.cancel_for_fraud": 4,
    "orders.cancel_for_lack_of_points": 4,
    "orders.cancel_for_lack_of_stock": 5,
    "orders.cancel_unpaid": 1,
    "orders.close_rest": 5,
    "orders.decide_return": 4,
    "orders.forget_customer": 3,
    "orders.give_up": 2,
    "orders.give_up_lost": 5,
    "orders.go_on_released": 1,
    "orders.receive_return": 4,
    "orders.record_answer": 2,
    "orders.record_authorization": 1,
    "orders.record_progress": 5,
    "orders.record_clearance": 1,
    "orders.record_failed_refund": 2,
    "orders.record_other_card": 2,
    "orders.record_refund": 2,
    "orders.record_review": 1,
    "orders.record_stock_held": 1,
    "orders.wait_for_another_card": 2,
    "orders.wait_for_answer": 2,
    "pricing.forget_customer": 1,
    "pricing.release_promotion": 1,
    "shipping.answer_cancellation": 4,
    "shipping.ask_carrier": 5,
    "shipping.ask_carrier_for_return": 2,
    "shipping.book_return": 4,
    "shipping.cancel_shipment": 2,
    "shipping.forget_customer": 6,
    "shipping.prepare_shipment": 4,
    "shipping.ship_order": 9,
    "shipping.ship_packed": 9,
    "shipping.ship_part": 6,
    "shipping.ship_released": 9,
    "shipping.stop_unservable_order": 2,
    "shipping.wait_while_on_hold": 2,
    "shop.announce_cart": 3,
    "shop.call_webhook": 0,
    "shop.forget_customer": 15,
    "shop.forget_history": 3,
    "shop.list_points": 1,
    "shop.show_challenge": 3,
    "shop.show_other_card": 1,
    "shop.show_points": 1,
    "shop.show_refused_cancellation": 1,
    "shop.show_release_of_hold": 1,
    "shop.show_requested_cancellation": 1,
    "shop.show_tracking": 3,
    "shop.tell_owner_of_disabled_webhook": 2,
    "webhooks.note_for_subscribers": 7,
    "webhooks.send_what_is_due": 9,
}


@dataclass
class Counting:
    """The statements of reactions: the most that one run of each took."""

    most: Counter[str] = field(default_factory=Counter)
    running: list[str] | None = None

    def note(self, execute: Any, sql: str, *more: Any) -> Any:
        if self.running is not None:
            self.running.append(sql)
        return execute(sql, *more)

    def counted(self, reaction: registry.Reaction) -> Callable[..., Any]:
        """Return the reaction's function, counted."""
        function, name = reaction.function, f"{reaction.app}.{reaction.name}"

        def run(*args: Any) -> Any:
            taken: list[str] = []
            if reaction.is_external:
                return self._stepwise(name, taken, function(*args))
            return self._within(name, taken, partial(function, *args))

        return run

    def _stepwise(self, name: str, taken: list[str], steps: Any) -> Generator[Any, Any, None]:
        resume = partial(next, steps)
        while True:
            try:
                call = self._within(name, taken, resume)
            except StopIteration:
                return
            try:
                resume = partial(steps.send, (yield call))
            except Exception as error:
                resume = partial(steps.throw, error)

    def _within(self, name: str, taken: list[str], step: Callable[[], Any]) -> Any:
        self.running = taken
        try:
            return step()
        finally:
            self.running = None
            self.most[name] = max(self.most[name], len(taken))


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Within, count what each reaction takes."""
    counted = Counting()
    with reactions_as(counted.counted), connection.execute_wrapper(counted.note):
        yield counted.most


def test_each_reaction_takes_at_most_its_statements_whatever_the_lines():
    stocked_up(LINES)
    with counting() as taken:
        for story in STORIES:
            story(LINES)
    above = {name: most for name, most in taken.items() if most > STATEMENTS.get(name, -1)}
    assert not above
    assert set(taken) == set(STATEMENTS), "a reaction that no story reaches"


def test_each_reaction_has_a_number_and_each_number_a_reaction():
    reactions = {reaction for _, reaction in registry.all_reactions() if reaction.app != "tests"}
    known = {f"{reaction.app}.{reaction.name}" for reaction in reactions}
    assert set(STATEMENTS) == known
    assert max(STATEMENTS.values()) < LINES
