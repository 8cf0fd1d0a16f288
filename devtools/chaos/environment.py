"""The system of a run, with everything around it: proxy, mail server, products, shoppers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from devtools.chaos.load import Load
from devtools.chaos.mail import MailServer
from devtools.chaos.options import Options
from devtools.chaos.proxy import Proxy
from devtools.chaos.shopper import PLENTY, SCARCE
from devtools.chaos.system_under_test import Broker, SystemUnderTest
from devtools.system import ONE_ADDRESS, System, running_system
from devtools.waiting import wait_until

#: Short times, so that an order ends within the run and what a killed process held is soon free.
QUICK = {
    "SHOP_RUN_EXCLUDE": "flower,demo",
    # Other tests may run beside.
    "SHOP_READY_WITHIN": "230",
    "PACKING_TIME": "0",
    "CARRIER_TRANSIT": "1",
    "PAY_AGAIN_WITHIN": "5",
    "EVENTBUS_OVERDUE_AFTER": "5",
    "EVENTBUS_RETRY_BASE": "0.5",
    "EVENTBUS_LEASE": "15",
    "GATEWAY_SLOW": "3",
    **ONE_ADDRESS,
    "LOG_LEVEL": "WARNING",
}
PRODUCTS = f"""\
Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty
{PLENTY},Umbrella,{PLENTY},9.90,1000000
{SCARCE},Lightning rod,{SCARCE},49.90,{{scarce}}
"""
#: Seconds in which the shop has heard of its stock.
STOCKED_WITHIN = 60
_STOCKED = "select count(*) from catalogue_availability where sku in (%s, %s)"


@contextmanager
def chaos_environment(state: Path, broker: Broker, options: Options) -> Iterator[SystemUnderTest]:
    """Start the system under test and everything around it; the shoppers wait for `load.start`."""
    crashes = state / "crashes"
    crashes.mkdir()
    mail = MailServer()
    try:
        with Proxy(broker.address) as proxy, _system(state, broker, proxy, mail, crashes) as system:
            _list_products(system, options.orders)
            load = Load(system.url, options.seed, options.orders, options.minutes * 60)
            sut = SystemUnderTest(
                system, broker, proxy, mail, load, crashes, random=Random(f"faults:{options.seed}")
            )
            wait_until(
                lambda: sut.rows(_STOCKED, PLENTY, SCARCE)[0][0] == 2, STOCKED_WITHIN, "stock"
            )
            try:
                yield sut
            finally:
                load.abandon()
    finally:
        mail.stop()


def _system(state: Path, broker: Broker, proxy: Proxy, mail: MailServer, crashes: Path) -> Any:
    return running_system(
        state,
        BROKER_URL=broker.scheme.format(port=proxy.port),
        EMAIL_URL=mail.url,
        EVENTBUS_CRASH_AT=str(crashes),
        **QUICK,
    )


def _list_products(system: System, orders: int) -> None:
    file = system.state / "chaos.csv"
    file.write_text(PRODUCTS.format(scarce=max(3, orders // 20)))
    imported = system.manage("import_products", str(file))
    if imported.returncode:
        raise RuntimeError(imported.stderr)
