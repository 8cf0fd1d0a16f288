"""What a file holds, counted anew in plain Python from the rules as they are written."""

import csv
import io
from collections import Counter
from decimal import Decimal
from string import ascii_letters, digits


def count(text: str) -> dict:
    """The figures of a replay that the file alone decides, and what went back by order line."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    rows.sort(key=lambda row: row["InvoiceDate"])
    skipped = {"not_goods": 0, "no_price": 0, "nonpositive_quantity": 0}
    kept = []
    for row in rows:
        if reason := reason_to_skip(row):
            skipped[reason] += 1
        else:
            kept.append(row)
    sales = [row for row in kept if row["InvoiceNo"][0] != "C"]
    went_back, unmatched = match(kept)
    return {
        "invoices": len({row["InvoiceNo"] for row in rows}),
        "orders_placed": len({row["InvoiceNo"] for row in sales}),
        "lines": len(sales),
        "units": sum(int(row["Quantity"]) for row in sales),
        "returns_matched": went_back.total(),
        "returns_unmatched": unmatched,
        "skipped_lines": skipped,
        "revenue_placed": sum(Decimal(row["UnitPrice"]) * int(row["Quantity"]) for row in sales),
        "went_back": dict(went_back),
    }


def reason_to_skip(row: dict) -> str:
    number, letters = row["StockCode"][:5], row["StockCode"][5:]
    if len(number) < 5 or set(number) - set(digits) or set(letters) - set(ascii_letters):
        return "not_goods"
    if len(letters) > 2:
        return "not_goods"
    if Decimal(row["UnitPrice"]) <= 0:
        return "no_price"
    if row["InvoiceNo"][0] != "C" and int(row["Quantity"]) <= 0:
        return "nonpositive_quantity"
    return ""


def match(kept: list[dict]) -> tuple[Counter, int]:
    """Units that went back by return, order and line, and how many found none: unit by unit."""
    shelf: list[tuple[str, str, str, int]] = []
    lines: Counter = Counter()
    went_back: Counter = Counter()
    unmatched = 0
    for row in kept:
        invoice, who = row["InvoiceNo"], row["CustomerID"].removesuffix(".0")
        units = abs(int(row["Quantity"]))
        if invoice[0] != "C":
            lines[invoice] += 1
            shelf += [(who, row["StockCode"], invoice, lines[invoice])] * units
            continue
        for _ in range(units):
            found = [unit for unit in shelf if unit[:2] == (who, row["StockCode"])]
            if who and found:
                del shelf[len(shelf) - 1 - shelf[::-1].index(found[-1])]
                went_back[(invoice, *found[-1][2:])] += 1
            else:
                unmatched += 1
    return went_back, unmatched
