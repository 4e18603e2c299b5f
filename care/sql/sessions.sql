-- open --
INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at, address, agent)
SELECT $1, u.id, $3, $3, $4, $5, $6
FROM users u
WHERE u.id = $2 AND u.disabled_at IS NULL
RETURNING user_id

-- find --
SELECT s.id, s.user_id, u.organisation_id, u.username, u.role, u.patient_id, s.last_seen_at,
    s.expires_at, u.display_name, u.preferences, o.name AS organisation,
    o.time_zone AS organisation_zone, o.phone AS organisation_phone,
    o.emergency_number AS organisation_emergency, p.language AS patient_language,
    p.time_zone AS patient_zone
FROM sessions s
JOIN users u ON u.id = s.user_id
JOIN organisations o ON o.id = u.organisation_id
LEFT JOIN patients p ON p.organisation_id = u.organisation_id AND p.id = u.patient_id
WHERE token_hash = $1 AND s.revoked_at IS NULL AND u.disabled_at IS NULL

-- note --
UPDATE sessions SET last_seen_at = greatest(last_seen_at, $2) WHERE token_hash = $1

-- end --
UPDATE sessions SET revoked_at = coalesce(revoked_at, $2) WHERE token_hash = $1

-- open_ones --
SELECT id, token_hash = $2 AS current, created_at, last_seen_at, expires_at, address, agent
FROM sessions
WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $3 AND last_seen_at > $4
ORDER BY last_seen_at DESC, id

-- end_one --
UPDATE sessions SET revoked_at = coalesce(revoked_at, $3) WHERE user_id = $1 AND id = $2
RETURNING id

-- end_others --
UPDATE sessions SET revoked_at = $3
WHERE user_id = $1 AND token_hash <> $2 AND revoked_at IS NULL

-- lapse --
-- Those that the clock has ended, once: of several who ask at once, one is told. $2 and $3: since
-- when somebody of the clinic, or at home, has to have done nothing; $4: who is at home.
UPDATE sessions s
SET revoked_at = $1
FROM users u
WHERE u.id = s.user_id AND s.revoked_at IS NULL
    AND (
        s.expires_at <= $1
        OR s.last_seen_at <= CASE WHEN u.role = ANY ($4::text[]) THEN $3::timestamptz
            ELSE $2::timestamptz END
    )
RETURNING s.id, s.user_id, u.organisation_id, u.username, u.display_name, u.role, s.last_seen_at,
    s.expires_at, s.address

-- forget --
DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1

-- half_open --
INSERT INTO half_sessions (token_hash, user_id, created_at) VALUES ($1, $2, $3)

-- half_find --
SELECT u.id, u.organisation_id, u.username, u.role, u.patient_id, u.created_at, u.disabled_at,
    u.display_name, u.credential
FROM half_sessions h
JOIN users u ON u.id = h.user_id
WHERE h.token_hash = $1 AND h.created_at > $2 AND u.disabled_at IS NULL

-- half_end --
DELETE FROM half_sessions WHERE token_hash = $1

-- half_forget --
DELETE FROM half_sessions WHERE created_at < $1
