"""How the shop puts things to its shoppers."""

#: Why an order was cancelled. A suspicion is never put in words.
CANCELLED = {
    "out_of_stock": "We are sorry: we do not have everything you ordered.",
    "payment_failed": "The payment did not go through.",
    "fraud": "We could not accept this order.",
    "customer": "You asked us to cancel it, and we did.",
    "staff": "We had to cancel it. Please write to us if you want to know more.",
    "expired": "We could not finish it in time, so we gave it up rather than keep you waiting.",
}
