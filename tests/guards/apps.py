"""The guards of the apps."""

from tests.guards.guard import Guard

GUARDS = [
    Guard(
        name="the idempotency key",
        without="a call made again after a crash takes the money a second time",
        file="billing/models/card_payment.py",
        text='return f"{self.order_id}:{operation}" +',
        instead='return f"{self.order_id}:{operation}:{uuid4()}" +',
        tests=["tests/unit/billing/test_crash.py"],
    ),
    Guard(
        name="asking the processor first what became of a call",
        without="a hold whose answer was lost rests on a key that processors forget after a day",
        file="billing/payment.py",
        text="known = _processor(charge).find(key) if resumed else None",
        instead="known = None",
        tests=[
            "tests/unit/billing/test_crash.py"
            "::test_hold_whose_answer_was_lost_is_found_not_made_again[killed]"
        ],
    ),
    Guard(
        name="the lock of a row that facts change",
        without="two facts that complete the join side by side both take the money",
        file="eventbus/table_rows.py",
        text="{matching} FOR UPDATE",
        instead="{matching}",
        tests=["tests/unit/billing/test_locking.py::test_second_fact_waits_for_the_first"],
    ),
    Guard(
        name="the join before money is taken",
        without="money is taken for an order without stock or clearance",
        file="billing/models/card_payment.py",
        text="            and self.stock_reserved\n",
        instead="",
        tests=[
            "tests/unit/billing/test_any_order.py"
            "::test_order_without_stock_or_clearance_is_never_captured"
        ],
    ),
    Guard(
        name="the unique charge: one captured, in full",
        without="the database takes it when an order's money is captured twice",
        file="billing/migrations/0001_initial.py",
        text="models.Q(('captured', models.F('amount')), ('state', 'captured')), ",
        instead="models.Q(('captured__gte', 0)), ",
        tests=["tests/unit/billing/test_refunds.py::test_database_refuses_books_that_cannot_be"],
    ),
    Guard(
        name="the processor's own limit: no more than is held",
        without="a second capture of one hold goes through",
        file="billing/sandbox/processor.py",
        text="    if approved_amount(rows, Kind.CAPTURE) + asked.amount > held:\n",
        instead="    if asked.amount > held:\n",
        tests=["tests/unit/billing/test_sandbox.py::test_no_more_is_taken_than_is_held"],
    ),
    Guard(
        name="stock is looked at under its lock, in the order of SKUs",
        without="orders of the same goods lock each other out, or fail instead of being refused",
        file="eventbus/table_rows.py",
        text=" ORDER BY {column} FOR UPDATE",
        instead=" ORDER BY {column}",
        tests=["tests/unit/inventory/test_concurrency.py"],
    ),
    Guard(
        name="stock that adds up",
        without="the database takes stock below zero",
        file="inventory/migrations/0001_initial.py",
        text="condition=models.Q(('on_hand__gte', models.F('floor')))",
        instead="condition=models.Q(('on_hand__gte', -1000000))",
        tests=[
            "tests/unit/inventory/test_services.py::test_the_database_refuses_stock_that_does_not_add_up"
        ],
    ),
    Guard(
        name="a mail has its event's id",
        without="a mail whose sending was cut short is written and sent anew",
        file="notifications/letter.py",
        text='return uuid5(self.event.id, f"{self.kind} {self.to}")',
        instead='return uuid5(self.event.id, f"{self.kind} {self.to} {id(self)}")',
        tests=[
            "tests/unit/notifications/test_smtp.py"
            "::test_crash_after_sending_sends_again_under_the_same_message_id"
        ],
    ),
    Guard(
        name="a parcel has its event's id",
        without="what was handed over as the worker died is never told of",
        file="shipping/models/shipment.py",
        text="            return self.parcels.filter(pk=cause).first()\n",
        instead="            return None\n",
        tests=["tests/unit/shipping/test_carrier.py::test_crash_after_the_call_leaves_one_parcel"],
    ),
    Guard(
        name="a parcel is handed over under one reference",
        without="the carrier fetches a second parcel after a crash",
        file="shipping/dispatch.py",
        text="            parcel.id,\n            parcel.shipment.ship_to,\n",
        instead="            __import__('uuid').uuid4(),\n            parcel.shipment.ship_to,\n",
        tests=["tests/unit/shipping/test_carrier.py::test_crash_after_the_call_leaves_one_parcel"],
    ),
    Guard(
        name="no stop once a parcel is leaving",
        without="an order is shipped and cancelled",
        file="shipping/models/shipment.py",
        text="        source=[State.NEW, State.PREPARING, State.NOTHING],\n",
        instead="        source=[State.NEW, State.PREPARING, State.NOTHING, "
        "State.HANDING_OVER, State.SHIPPED],\n",
        tests=["tests/unit/shipping/test_joining.py"],
    ),
    Guard(
        name="what staff gave back counts towards the rest",
        without="a unit that staff refunded and never sent is paid back twice",
        file="billing/models/refunding.py",
        text='kinds = ("staff", "reduced", Refund.MADE_THERE)',
        instead='kinds = ("reduced", Refund.MADE_THERE)',
        tests=[
            "tests/scenarios/test_parts.py::"
            "test_what_staff_gave_back_for_the_rest_does_not_go_back_twice"
        ],
    ),
    Guard(
        name="the checkout's key",
        without="a double click is two orders",
        file="orders/services.py",
        text="        if key and (placed := _placed_with(key)):\n",
        instead="        if placed := None:\n",
        tests=["tests/unit/orders/test_services.py::test_same_key_is_one_order"],
    ),
    Guard(
        name="the end of an order is emitted ahead",
        without="an order whose stock, card or clearance is never answered never ends",
        file="orders/create.py",
        text="    emit(deadline, publish_after=order.expires_at)\n",
        instead="",
        tests=["tests/unit/orders/test_services.py::test_placing_schedules_the_orders_expiry"],
    ),
    Guard(
        name="points are taken while there are enough",
        without="the same points pay two orders",
        file="loyalty/points.py",
        text="    if points > account.balance:\n",
        instead="    if False:\n",
        tests=["tests/unit/loyalty/test_spending.py::test_the_same_points_pay_for_one_order_only"],
    ),
    Guard(
        name="a promotion's limit is counted under its lock",
        without="a code is used more often than it may be",
        file="pricing/promotions.py",
        text="promotion = Promotion.objects.select_for_update().get(code__iexact=code)\n",
        instead="promotion = Promotion.objects.get(code__iexact=code)\n",
        tests=[
            "tests/unit/pricing/test_promotions.py"
            "::test_orders_at_the_same_moment_do_not_exceed_the_limit"
        ],
    ),
]
