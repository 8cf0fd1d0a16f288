"""What the shop adds to the console's page "Now": orders in flight, and the last ones."""

from django.urls import reverse_lazy

from eventbus.console.hooks import Figure, Panel

IN_FLIGHT = "select count(*) from orders_order where ended_at is null"
#: Ids are in order of time.
LAST = """
    select coalesce(json_agg(placed), '[]') from (
        select number, placed_at, case
            when state = 'cancelled' then 'cancelled'
            when state = 'refunded' then 'refunded'
            when state = 'completed' then 'completed'
            when state = 'cancelling' then 'to be cancelled'
            when held_at is not null then 'on hold'
            when state = 'shipped' then 'on its way'
            when state = 'paid' then 'paid, being packed'
            when flagged_at is not null and cleared_at is null then 'staff have to decide'
            when payment_failed_at is not null then 'payment failed'
            when authorized_at is null and pay_until is not null then 'waits for the shopper to pay'
            when stock_held_at is null then 'waits for stock'
            when authorized_at is null then 'waits for the payment'
            when cleared_at is null then 'waits for the fraud check'
            else 'being billed'
        end as stage
        from orders_order order by id desc limit 8
    ) placed
"""
FIGURE = Figure("Orders in flight", IN_FLIGHT, reverse_lazy("admin:orders_order_changelist"))
PANEL = Panel("orders", "The last orders", "staff/last_orders.html", LAST)
