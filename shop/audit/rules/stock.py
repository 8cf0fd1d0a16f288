"""Rules about stock, parcels and returned goods."""

from shop.audit.rules.rule import Rule

RULES = [
    Rule(
        name="no order is shipped unpaid",
        checked="select count(*) from shipping_shipment where packed > 0",
        violating="""
            select s.number from shipping_shipment s
            left join billing_charge c on c.order_id = s.order_id
            where s.packed > 0 and c.captured is distinct from c.amount
        """,
    ),
    Rule(
        name="no order is shipped twice",
        promise="doubled",
        checked="select count(*) from shipping_shipment where shipped > 0",
        violating="""
            select s.number from shipping_shipment s where s.shipped > s.ordered
            union
            select e.data->>'number' from eventbus_outboxevent e
            where e.type = 'shipping.OrderShipped' and (e.data->>'complete')::boolean
            group by e.subject, e.data->>'number' having count(*) > 1
        """,
    ),
    Rule(
        name="no cancelled order was shipped",
        checked="""
            select count(*) from orders_order where cancel_reason <> '' and ended_at is not null
        """,
        violating="""
            select o.number from orders_order o join shipping_shipment s on s.order_id = o.id
            where o.cancel_reason <> '' and o.ended_at is not null and s.packed > 0
        """,
    ),
    Rule(
        name="per product: stock started = on hand + sold + reserved, never oversold",
        checked="select count(*) from inventory_stock",
        violating="""
            select k.sku from inventory_stock k left join (
                select m.sku, sum(m.quantity) as started from inventory_movement m
                where m.kind in ('opening', 'received', 'adjusted') group by m.sku
            ) m on m.sku = k.sku
            where least(k.sold, k.reserved) < 0 or k.on_hand < coalesce(k.floor, k.on_hand)
            or coalesce(m.started, 0) <> k.on_hand + k.sold + k.reserved
        """,
    ),
    Rule(
        name="per product: what is reserved and sold is what orders hold and have",
        checked="select count(*) from inventory_stock",
        violating="""
            select k.sku from inventory_stock k left join (
                select r.sku,
                    sum(case when h.state in ('held', 'partly_sold')
                        then r.quantity - r.shipped - r.closed else 0 end) as reserved,
                    sum(r.shipped - least(r.shipped, r.returned)) as sold
                from inventory_reservationline r
                join inventory_stockreservation h on h.order_id = r.order_id
                where r.tracked group by r.sku
            ) r on r.sku = k.sku
            where k.reserved <> coalesce(r.reserved, 0) or k.sold <> coalesce(r.sold, 0)
        """,
    ),
    Rule(
        name="of an order that ended nothing is reserved, and each unit left, or was given up",
        checked="select count(*) from settled where ended_at is not null",
        violating="""
            select distinct settled.number from settled
            join inventory_stockreservation h on h.order_id = settled.id
            join inventory_reservationline r on r.order_id = settled.id
            where settled.ended_at is not null
            and h.state in ('held', 'partly_sold') and r.quantity > r.shipped + r.closed
            union
            select settled.number from settled
            join shipping_shipment s on s.order_id = settled.id
            where settled.ended_at is not null and s.state <> 'stopped'
            and (
                s.delivered + s.lost + s.closed <> s.ordered
                or s.closed + s.lost <> settled.closed
            )
        """,
        needs_settled=True,
    ),
    Rule(
        name="no more units go back than were bought, nor for more than was paid",
        checked="select count(distinct order_id) from orders_return",
        violating="""
            select o.number from orders_order o join (
                select l.order_id, l.quantity - l.closed as quantity,
                    sum(b.quantity) as units, sum(b.amount) as amount
                from orders_returnline b join orders_orderline l on l.id = b.order_line_id
                join orders_return r on r.id = b.of_id and r.state not in ('refused', 'void')
                group by l.id
            ) back on back.order_id = o.id
            group by o.id having bool_or(back.units > back.quantity) or sum(back.amount) > o.total
        """,
    ),
    Rule(
        name="a return is fetched once it is approved, and received once it is here",
        checked="select count(*) from settled join orders_return r on r.order_id = settled.id",
        violating="""
            select settled.number from settled join orders_return r on r.order_id = settled.id
            left join shipping_returnparcel p on p.id = r.id
            where (r.state in ('approved', 'received')) <> (p.booked_at is not null)
            or (r.state = 'received') <> (p.arrived_at is not null)
        """,
        needs_settled=True,
    ),
    Rule(
        name="what came back of an order is in stock again, once",
        checked="""
            select count(*) from settled join orders_return r on r.order_id = settled.id
            where r.state = 'received'
        """,
        violating="""
            select distinct settled.number from settled
            join inventory_reservationline i on i.order_id = settled.id
            left join (
                select l.order_id, l.sku, sum(b.quantity) as units from orders_returnline b
                join orders_orderline l on l.id = b.order_line_id
                join orders_return r on r.id = b.of_id and r.state = 'received'
                group by l.order_id, l.sku
            ) back on back.order_id = settled.id and back.sku = i.sku
            where i.returned <> coalesce(back.units, 0)
        """,
        needs_settled=True,
    ),
]
