"""Rules about promotions."""

from shop.audit.rules.rule import Rule

RULES = [
    Rule(
        name="no promotion is used more often than it may be, by all or by one customer",
        checked="select count(*) from pricing_redemption where released_at is null",
        violating="""
            with used as (
                select p.code, p."limit", p.limit_per_customer, r.customer_id, r.email
                from pricing_redemption r
                join pricing_promotion p on p.id = r.promotion_id
                where r.released_at is null
            )
            select code from used group by code, "limit" having count(*) > "limit"
            union
            select code from used where customer_id <> ''
            group by code, limit_per_customer, customer_id having count(*) > limit_per_customer
            union
            select code from used where email <> ''
            group by code, limit_per_customer, email having count(*) > limit_per_customer
        """,
    ),
    Rule(
        name="an order with a code has used it once, and one that is cancelled has released it",
        checked="select count(*) from settled where promotion <> ''",
        violating="""
            select settled.number from settled
            left join pricing_redemption r on r.order_id = settled.id
            where (settled.promotion <> '') <> (r.id is not null)
            or (r.released_at is not null) <> (
                r.id is not null and settled.cancel_reason <> '' and settled.ended_at is not null
            )
        """,
        needs_settled=True,
    ),
]
