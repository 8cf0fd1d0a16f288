"""Rules about invoices."""

from shop.audit.rules.rule import ARCHIVED_UNTIL, Rule

RULES = [
    Rule(
        name="each billed order has one invoice, over what was taken",
        checked="select count(*) from billing_invoice",
        violating=f"""
            select coalesce(billed.subject, i.charge_id::text) from (
                select * from eventbus_outboxevent where type = 'billing.OrderBilled'
            ) billed
            full join billing_invoice i on i.charge_id::text = billed.subject
            left join billing_charge c on c.order_id = i.charge_id
            left join orders_order o on o.id = i.charge_id
            where coalesce(o.placed_at >= {ARCHIVED_UNTIL}, true)
            and (billed.id is null or i.id is null or i.total <> c.captured
            or i.total <> (billed.data->>'total')::numeric
            or billed.data->>'invoice_number' <> 'INV-' || lpad(i.id::text, 8, '0'))
        """,
    ),
    Rule(
        name="invoices are numbered from 1 without a gap",
        checked="select count(*) from billing_invoice",
        violating="""
            select 'before INV-' || lpad(id::text, 8, '0') from (
                select id, lag(id, 1, 0::bigint) over (order by id) as before from billing_invoice
            ) numbered
            where id <> before + 1
        """,
    ),
]
