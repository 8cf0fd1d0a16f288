"""Test kit: the reactions of apps without a broker or a worker, in the test's own process.

The ledger is the real one, so are transactions; only the way of a message is short. Use it inside
a test that has a database::

    given(order_placed, StockReserved(...), to="billing")    # one app reacts to these
    assert emitted(PaymentCompleted)
    settle()                             # everything, every app, until nothing is open
    with later(timedelta(days=3)):       # and what comes due by then
        settle()
    check_reactions("billing")           # what every app must keep to
"""

from eventbus.testing.contract import check_reactions
from eventbus.testing.deliveries import given, given_together, redeliver, resume
from eventbus.testing.emitting import emit, emitted, free_to_emit
from eventbus.testing.examples import example_of
from eventbus.testing.settling import later, settle

__all__ = [
    "check_reactions",
    "emit",
    "emitted",
    "example_of",
    "free_to_emit",
    "given",
    "given_together",
    "later",
    "redeliver",
    "resume",
    "settle",
]
