"""`python -m devtools.bench.signing`: what the signature of a message costs, in processor time."""

import time
from timeit import repeat
from uuid import UUID

import django

LINE = {"line": 1, "sku": "TEAPOT", "title": "Teapot", "quantity": 2, "unit_price": "25.00"}
ROUNDS = 2000


def main() -> None:
    django.setup()
    from eventbus.messaging import signing

    wire = {"id": str(UUID(int=1)), "type": "orders.OrderPlaced", "data": {"lines": [LINE] * 12}}
    signature = signing.signature(wire)
    print(f"an envelope of {len(signing.as_text(wire)):,} bytes")  # noqa: T201 what it is for
    for name, work in {
        "sign": lambda: signing.signature(wire),
        "verify": lambda: signing.check(wire, signature),
    }.items():
        best = min(repeat(work, number=ROUNDS, repeat=5, timer=time.process_time))
        print(f"{name}: {best / ROUNDS * 1e6:.0f} µs")  # noqa: T201


if __name__ == "__main__":
    main()
