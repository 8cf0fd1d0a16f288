"""What somebody is still going to work on in a system."""

#: Counts orders that have not ended, events that are due and not published, and open deliveries.
OPEN = """
    select (select count(*) from orders_order where ended_at is null),
        (select count(*) from eventbus_outboxevent
            where published_at is null and publish_after < now()),
        (select count(*) from eventbus_delivery where state in ('waiting', 'failed'))
"""
