"""What holds after every step, and once everything is settled."""

from django.core import mail

from eventbus.delivery.models import Delivery
from notifications.models import Mail
from orders.models import Order
from shipping.models import Parcel, ReturnParcel, SandboxParcel
from shop.audit.rules import audit as audited
from shop.audit.rules import completion, invoices, money, people, points, promotions, refunds, stock
from shop.audit.rules.rule import Finding

#: The audit's rules about safety: they hold at every moment.
SAFETY = [
    rule
    for kind in (money, refunds, invoices, promotions, points, stock, completion, people)
    for rule in kind.RULES
    if not rule.needs_settled
]
#: Mails of which an order gets one at most.
ONCE = ("order_placed", "order_confirmed", "order_delivered", "order_cancelled")
ENDS = ("completed", "cancelled", "refunded")


def check_safety() -> None:
    """Nothing is charged, sold, sent or written twice, and no more than there is."""
    broken = [finding for rule in SAFETY if not (finding := rule.check()).ok]
    assert not broken, _describe(broken)
    _check_carrier()
    _check_mails()


def check_settled() -> None:
    """Every order has ended, nobody is still to react, and all books agree."""
    trouble = Delivery.objects.filter(state__in=Delivery.UNSETTLED).first()
    assert trouble is None, f"{trouble} {trouble.event}\n{trouble.error}"
    assert set(Order.objects.values_list("state", flat=True)) <= set(ENDS)
    broken = [finding for finding in audited() if not finding.ok]
    assert not broken, _describe(broken)
    check_safety()


def _describe(broken: list[Finding]) -> str:
    return "; ".join(f"{finding.rule}: {finding.examples}" for finding in broken)


def _check_carrier() -> None:
    """The carrier has taken no parcel but ours, each once."""
    ours = [*Parcel.objects.values_list("id", flat=True)]
    ours += ReturnParcel.objects.values_list("id", flat=True)
    foreign = SandboxParcel.objects.exclude(reference__in=ours)
    assert not foreign, f"the carrier has a parcel that we know nothing of: {foreign[0]}"


def _check_mails() -> None:
    """A mail that left twice left under the same Message-ID, by which receivers drop the copy."""
    kinds = {row.message_id: (row.number, row.kind) for row in Mail.objects.all()}
    left = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert left <= kinds.keys(), "a mail left that nobody had written down"
    once = [kinds[id] for id in left if kinds[id][1] in ONCE]
    assert len(once) == len(set(once)), f"two mails of one kind about one order: {sorted(once)}"
