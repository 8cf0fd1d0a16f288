"""The proof on the console's page "Now": what the last audit found."""

from eventbus.console.hooks import Panel

PROOF = """
    select json_build_object('last', (
        select json_build_object(
            'at', finished_at, 'by', by, 'seconds', seconds, 'error', error,
            'expected', expected, 'handled', handled, 'waiting', waiting, 'parked', parked,
            'rules', jsonb_array_length(findings), 'lost', lost, 'doubled', doubled,
            'broken', broken
        ) from (
            select * from audit_auditrun where finished_at is not null
            order by finished_at desc limit 1
        ) run cross join lateral (
            select
                coalesce(sum(violations) filter (where promise = 'lost'), 0) as lost,
                coalesce(sum(violations) filter (where promise = 'doubled'), 0) as doubled,
                coalesce(json_agg(found) filter (where violations > 0), '[]') as broken
            from jsonb_to_recordset(run.findings) as found (
                promise text, rule text, violations bigint, examples jsonb
            )
        ) counted
    ), 'under_way', (
        select json_build_object('at', requested_at, 'by', by)
        from audit_auditrun where finished_at is null
    ))
"""
PANEL = Panel("audit", "The proof", "audit/panel.html", PROOF, form="audit/request.html")
