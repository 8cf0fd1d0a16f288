"""From a cart to an order: delivery, addresses, prices, payment."""
