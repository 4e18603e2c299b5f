-- add --
INSERT INTO users (organisation_id, username, password_hash, role, patient_id)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (username) DO NOTHING
RETURNING id, organisation_id, username, role, patient_id, created_at, disabled_at

-- list --
SELECT id, organisation_id, username, role, patient_id, created_at, disabled_at
FROM users
WHERE organisation_id = $1
ORDER BY username

-- sign_in --
SELECT id, organisation_id, username, role, patient_id, created_at, disabled_at, password_hash
FROM users
WHERE username = $1 AND disabled_at IS NULL

-- disable --
UPDATE users SET disabled_at = coalesce(disabled_at, $3)
WHERE organisation_id = $1 AND username = $2
RETURNING id

-- set_password --
UPDATE users SET password_hash = $3
WHERE organisation_id = $1 AND username = $2
RETURNING id

-- end_sessions --
UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL
