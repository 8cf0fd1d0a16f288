"""Amounts as Stripe counts them: whole numbers of a currency's smallest unit.

https://docs.stripe.com/currencies: for ISK and UGX, which have no decimals,
Stripe still counts hundredths.
"""

from decimal import Decimal

NO_DECIMALS = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def _places(currency: str) -> int:
    code = currency.upper()
    return 0 if code in NO_DECIMALS else 3 if code in THREE_DECIMALS else 2


def minor_units(amount: Decimal, currency: str) -> int:
    """Return Stripe's number for an amount. Raises `ValueError` for too many decimals."""
    places = _places(currency)
    units = amount.scaleb(places)
    if units != units.to_integral_value():
        raise ValueError(f"{amount} {currency} cannot be paid: it has more than {places} decimals")
    return int(units)


def amount_of(units: int, currency: str) -> Decimal:
    """Return the amount of so many smallest units of Stripe's."""
    return Decimal(units).scaleb(-_places(currency))
