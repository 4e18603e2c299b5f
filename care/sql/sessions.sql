-- open --
INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at)
VALUES ($1, $2, $3, $3, $4)

-- find --
SELECT user_id, organisation_id, username, role, patient_id, last_seen_at, expires_at
FROM sessions
JOIN users ON users.id = user_id
WHERE token_hash = $1 AND revoked_at IS NULL AND disabled_at IS NULL

-- note --
UPDATE sessions SET last_seen_at = greatest(last_seen_at, $2) WHERE token_hash = $1

-- end --
UPDATE sessions SET revoked_at = coalesce(revoked_at, $2) WHERE token_hash = $1

-- forget --
DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1
