"""A shopper of a run: what they buy, with which card, and whether they cancel."""

from dataclasses import dataclass
from random import Random
from uuid import UUID

from devtools.shop_client import APPROVED, DECLINED, ShopClient

DOMAIN = "@chaos.example"
#: What orders are of: there is enough of the first, and too little of the second.
PLENTY, SCARCE = "chaos-plenty", "chaos-scarce"

CARDS = {
    "approved": APPROVED,
    "declined": DECLINED,
    "lapsed": "4000 0000 0000 0341",
    "slow": "4000 0000 0000 1190",
    "flaky": "4000 0000 0000 2594",
    "lost-hold": "4000 0000 0000 7072",
    "lost-capture": "4000 0000 0000 8088",
}
#: Of a hundred shoppers so many come with each card.
USUAL_CARDS = {"approved": 92, "declined": 4, "lapsed": 4}
#: Which part of them asks at once for the order to be cancelled.
CANCELLED = 0.05


@dataclass(frozen=True)
class Shopper:
    """What one shopper wants, decided by the seed of the run."""

    number: int
    key: str
    sku: str
    quantity: int
    card: str
    #: whether they think better of it at once
    cancels: bool

    @classmethod
    def of(cls, seed: int, number: int) -> "Shopper":
        random = Random(f"{seed}:{number}")
        return cls(
            number=number,
            key=str(UUID(int=random.getrandbits(128), version=4)),
            sku=random.choices([PLENTY, SCARCE], [9, 1])[0],
            quantity=random.randint(1, 3),
            card=random.choices(list(USUAL_CARDS), list(USUAL_CARDS.values()))[0],
            cancels=random.random() < CANCELLED,
        )

    @property
    def email(self) -> str:
        return f"shopper-{self.number}{DOMAIN}"

    def order(self, client: ShopClient, card: str) -> str:
        """Place their order with a card of `CARDS`; returns its id. Raises as the client does."""
        return client.order(
            self.sku, self.quantity, email=self.email, card=CARDS[card], key=self.key
        )
