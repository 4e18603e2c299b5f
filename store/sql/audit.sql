The audit log. Owned by store.audit and store.audit_chain.

-- append --
SELECT audit_append($1, $2::jsonb)

-- note --
SELECT audit_note($1::jsonb)

-- chains --
-- By skipping from one to the next: a distinct over all rows would read them all.
WITH RECURSIVE found AS (
    (SELECT organisation_id FROM audit ORDER BY organisation_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT a.organisation_id FROM audit a WHERE a.organisation_id > f.organisation_id
        ORDER BY a.organisation_id LIMIT 1
    )
    FROM found f WHERE f.organisation_id IS NOT NULL
)
SELECT organisation_id FROM found WHERE organisation_id IS NOT NULL

-- heads --
WITH RECURSIVE found AS (
    (SELECT organisation_id FROM audit ORDER BY organisation_id LIMIT 1)
    UNION ALL
    SELECT (
        SELECT a.organisation_id FROM audit a WHERE a.organisation_id > f.organisation_id
        ORDER BY a.organisation_id LIMIT 1
    )
    FROM found f WHERE f.organisation_id IS NOT NULL
)
SELECT f.organisation_id, last.position, last.hash
FROM found f
CROSS JOIN LATERAL (
    SELECT position, hash FROM audit a WHERE a.organisation_id = f.organisation_id
    ORDER BY position DESC LIMIT 1
) last
WHERE $1::uuid IS NULL OR f.organisation_id = $1

-- part --
SELECT organisation_id, position, at, via, actor, actor_name, actor_role, action, route, outcome,
    status, patients, object_kind, object_id, reason, address, request_id, detail, previous, hash
FROM audit
WHERE organisation_id = $1 AND position > $2
ORDER BY position
LIMIT $3
