What a practice has stated of rule sets: imported, or confirmed for longer.

-- stated --
SELECT s.id, s.kind, s.set_name AS name, s.version, s.file, s.sha256, s.confirmed_through, s.reason,
    coalesce(nullif(u.display_name, ''), u.username, '') AS recorded_by, s.recorded_at, s.body,
    s.replaces
FROM rule_set_statements s LEFT JOIN users u ON u.id = s.recorded_by
WHERE s.organisation_id = $1
ORDER BY s.id

-- lock --
SELECT pg_advisory_xact_lock(hashtextextended('billing/rules/' || $1::text, 0))

-- state --
INSERT INTO rule_set_statements (
    organisation_id, kind, set_name, version, body, file, sha256, confirmed_through, reason,
    recorded_by, recorded_at, replaces
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- followed --
SELECT DISTINCT authority
FROM payers
WHERE organisation_id = $1 AND authority IS NOT NULL AND retired_at IS NULL
ORDER BY authority
