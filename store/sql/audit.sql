The audit log. Owned by store.audit and store.audit_chain.

-- append --
SELECT audit_append($1, $2::jsonb)

-- note --
SELECT audit_note($1::jsonb)

-- chains --
SELECT organisation_id, max(position) AS size FROM audit GROUP BY organisation_id
ORDER BY organisation_id

-- head --
SELECT position, hash FROM audit WHERE organisation_id = $1 ORDER BY position DESC LIMIT 1

-- heads --
SELECT DISTINCT ON (organisation_id) organisation_id, position, hash
FROM audit ORDER BY organisation_id, position DESC

-- part --
SELECT organisation_id, position, at, via, actor, actor_name, actor_role, action, route, outcome,
    status, patients, object_kind, object_id, reason, address, request_id, detail, previous, hash
FROM audit
WHERE organisation_id = $1 AND position > $2
ORDER BY position
LIMIT $3
