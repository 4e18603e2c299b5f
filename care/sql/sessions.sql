-- open --
INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at)
VALUES ($1, $2, $3, $3, $4)

-- find --
SELECT s.user_id, u.organisation_id, u.username, u.role, u.patient_id, s.last_seen_at,
    s.expires_at, u.display_name, u.preferences, o.name AS organisation,
    o.time_zone AS organisation_zone, o.phone AS organisation_phone,
    o.emergency_number AS organisation_emergency
FROM sessions s
JOIN users u ON u.id = s.user_id
JOIN organisations o ON o.id = u.organisation_id
WHERE token_hash = $1 AND revoked_at IS NULL AND disabled_at IS NULL

-- note --
UPDATE sessions SET last_seen_at = greatest(last_seen_at, $2) WHERE token_hash = $1

-- end --
UPDATE sessions SET revoked_at = coalesce(revoked_at, $2) WHERE token_hash = $1

-- forget --
DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1
