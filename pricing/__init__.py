"""What an order costs: promotions, tax by country, loyalty points as part payment.

amounts     rounding, and spreading an amount over lines without losing a cent
models      promotions and their redemptions; tax zones and their rates
promotions  whether a code applies; redeeming it, and releasing it again
taxes       the rates of a destination
quoting     `quote`: all of it together
services    what pages and the API call
"""
