Who is on call, from when until when.

-- list --
-- Shifts that are not over at $2.
SELECT c.id, c.user_id, u.username, u.role, u.disabled_at, c.starts_at, c.ends_at, c.created_by,
    c.created_at
FROM on_call c
JOIN users u ON u.id = c.user_id
WHERE c.organisation_id = $1 AND c.ends_at > $2
ORDER BY c.starts_at, u.username

-- find --
SELECT c.id, c.user_id, u.username, u.role, u.disabled_at, c.starts_at, c.ends_at, c.created_by,
    c.created_at
FROM on_call c
JOIN users u ON u.id = c.user_id
WHERE c.organisation_id = $1 AND c.id = $2

-- lock --
-- One change of a clinic's schedule at a time.
SELECT time_zone FROM organisations WHERE id = $1 FOR NO KEY UPDATE

-- account --
SELECT username, role, disabled_at FROM users WHERE organisation_id = $1 AND id = $2

-- add --
INSERT INTO on_call (organisation_id, user_id, starts_at, ends_at, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id

-- shorten --
UPDATE on_call SET ends_at = $2 WHERE id = $1

-- remove --
DELETE FROM on_call WHERE id = $1

-- zones --
SELECT id, name, time_zone FROM organisations WHERE id <> $1 ORDER BY name

-- wanted --
-- Whether a plan in force, or to come, has a step that asks for who is on call.
SELECT EXISTS (
    SELECT FROM plan_versions
    WHERE (effective_to IS NULL OR effective_to > $1) AND withdrawn_at IS NULL
        AND resolved::jsonb @? '$.ladders[*].steps[*] ? (@.to == "on_call")'
)
