-- The lines of some products: those on sale, which are the published ones with a variant.
with recursive chosen as (
    select * from catalogue_product where id = any(%s) and published
),
climb (category, above, ids, names) as (
    select id, parent_id, array[id], name::text from catalogue_category
    union all
    -- A circle of parents, which staff can make, must not hang this.
    select climb.category, up.parent_id, up.id || climb.ids, up.name || ' ' || climb.names
    from climb join catalogue_category up on up.id = climb.above
    where up.id <> all(climb.ids)
),
path as (
    select distinct on (category) category, ids, names from climb
    order by category, cardinality(ids) desc
),
variant as (
    -- As `Variant.current_price` has it.
    select v.*, case when v.price_factor_until > now()
            then least(round(v.price * v.price_factor, 2), 9999999999.99)
            else v.price end as current_price,
        case s.selling when 'untracked' then 2147483647
            when 'uncounted' then null else s.available end as available,
        s.selling is not distinct from 'backorder' as backorder,
        s.sku is null or s.selling <> 'tracked' or s.available > 0 as buyable
    from catalogue_variant v
    join chosen on chosen.id = v.product_id
    left join catalogue_availability s on s.sku = v.sku
),
total as (
    select
        product_id,
        min(current_price) as low,
        max(current_price) as high,
        (array_agg(currency order by current_price, position, id))[1] as currency,
        (array_agg(compare_at_price order by current_price, position, id))[1] as before,
        max(available) as most,
        bool_or(available is null) as uncounted,
        bool_or(backorder) as backorder,
        bool_or(buyable) as buyable,
        string_agg(sku, ' ' order by id) as skus
    from variant group by product_id
),
option as (
    select
        variant.product_id,
        array_agg(distinct name || ':' || value order by name || ':' || value) as all_of_them,
        array_agg(distinct name || ':' || value order by name || ':' || value)
            filter (where buyable) as buyable,
        string_agg(distinct value, ' ') as words
    from variant
    join chosen on chosen.id = variant.product_id
    cross join unnest(chosen.option_names, variant.option_values) as pair (name, value)
    where name is not null and value is not null
    group by variant.product_id
),
picture as (
    select distinct on (product_id) product_id, src from catalogue_image
    where product_id = any(select id from chosen)
    order by product_id, position, id
)
insert into search_listing (
    product_id, handle, title, name, created, categories, top_category, picture_src, currency,
    price_min, price_max, price_before, most, uncounted, backorder, available,
    options, options_available, words
)
select
    chosen.id, handle, title, search_letters(title), created,
    coalesce(path.ids, '{}'), path.ids[1], coalesce(picture.src, ''), total.currency,
    total.low, total.high, total.before, total.most, total.uncounted, total.backorder, total.buyable,
    coalesce(option.all_of_them, '{}'), coalesce(option.buyable, '{}'),
    search_vector(title, 'A')
    || search_vector(concat_ws(' ', total.skus, vendor, option.words), 'B')
    || search_vector(concat_ws(' ', path.names, type, array_to_string(tags, ' ')), 'C')
    -- Without tags and entities.
    || search_vector(regexp_replace(body, '<[^>]*>|&[a-z]+;', ' ', 'g'), 'D')
from chosen
join total on total.product_id = chosen.id
left join path on path.category = chosen.category_id
left join option on option.product_id = chosen.id
left join picture on picture.product_id = chosen.id
order by chosen.id
on conflict (product_id) do update set
    handle = excluded.handle,
    title = excluded.title,
    name = excluded.name,
    created = excluded.created,
    categories = excluded.categories,
    top_category = excluded.top_category,
    picture_src = excluded.picture_src,
    currency = excluded.currency,
    price_min = excluded.price_min,
    price_max = excluded.price_max,
    price_before = excluded.price_before,
    most = excluded.most,
    uncounted = excluded.uncounted,
    backorder = excluded.backorder,
    available = excluded.available,
    options = excluded.options,
    options_available = excluded.options_available,
    words = excluded.words
returning product_id
