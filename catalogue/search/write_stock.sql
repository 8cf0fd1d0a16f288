-- What is known of the stock of some products, in their lines.
with variant as (
    select v.product_id, p.option_names, v.option_values,
        case s.selling when 'untracked' then 2147483647
            when 'uncounted' then null else s.available end as available,
        s.selling is not distinct from 'backorder' as backorder,
        s.sku is null or s.selling <> 'tracked' or s.available > 0 as buyable
    from catalogue_variant v
    join catalogue_product p on p.id = v.product_id
    left join catalogue_availability s on s.sku = v.sku
    where p.id = any(%s)
),
total as (
    select product_id, max(available) as most, bool_or(available is null) as uncounted,
        bool_or(backorder) as backorder,
        bool_or(buyable) as buyable
    from variant group by product_id
),
option as (
    select product_id, array_agg(distinct name || ':' || value order by name || ':' || value) as all
    from variant cross join unnest(option_names, option_values) as pair (name, value)
    where buyable and name is not null and value is not null
    group by product_id
)
update search_listing l
set most = total.most, uncounted = total.uncounted, backorder = total.backorder,
    available = total.buyable,
    options_available = coalesce(option.all, '{}')
from total left join option using (product_id)
where l.product_id = total.product_id
and (l.most, l.uncounted, l.backorder, l.available, l.options_available)
    is distinct from (
        total.most, total.uncounted, total.backorder, total.buyable, coalesce(option.all, '{}')
    )
