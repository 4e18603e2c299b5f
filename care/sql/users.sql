-- add --
INSERT INTO users (organisation_id, username, password_hash, role, patient_id)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (username) DO NOTHING
RETURNING id

-- describe --
UPDATE users SET display_name = $3, credential = $4
WHERE organisation_id = $1 AND id = $2

-- find --
SELECT id, organisation_id, username, role, patient_id, created_at, disabled_at, display_name,
    credential
FROM users
WHERE organisation_id = $1 AND id = $2

-- named --
SELECT id, organisation_id, username, role, patient_id, created_at, disabled_at, display_name,
    credential
FROM users
WHERE organisation_id = $1 AND username = $2

-- list --
SELECT id, organisation_id, username, role, patient_id, created_at, disabled_at, display_name,
    credential
FROM users
WHERE organisation_id = $1
ORDER BY username

-- sign_in --
SELECT id, organisation_id, username, role, patient_id, created_at, disabled_at, display_name,
    credential, password_hash
FROM users
WHERE username = $1 AND disabled_at IS NULL

-- change_role --
UPDATE users SET role = $3
WHERE organisation_id = $1 AND id = $2

-- others_who_administer --
SELECT count(*)
FROM users
WHERE organisation_id = $1 AND role = 'admin' AND disabled_at IS NULL AND id <> $2

-- hold_organisation --
SELECT id FROM organisations WHERE id = $1 FOR UPDATE

-- disable --
UPDATE users SET disabled_at = coalesce(disabled_at, $3)
WHERE organisation_id = $1 AND username = $2
RETURNING id

-- enable --
UPDATE users SET disabled_at = NULL
WHERE organisation_id = $1 AND username = $2
RETURNING id

-- set_password --
UPDATE users SET password_hash = $3
WHERE organisation_id = $1 AND username = $2
RETURNING id

-- end_sessions --
UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL

-- end_halves --
DELETE FROM half_sessions WHERE user_id = $1

-- forget_browsers --
-- None is one any more that this account has signed in with.
DELETE FROM known_browsers WHERE user_id = $1

-- end_password_code --
DELETE FROM password_codes WHERE user_id = $1

-- issue_password_code --
INSERT INTO password_codes (user_id, code_hash, expires_at)
SELECT id, $3, $4 FROM users WHERE organisation_id = $1 AND id = $2 AND disabled_at IS NULL
ON CONFLICT (user_id) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at
RETURNING user_id

-- whose_password_code --
SELECT u.id, u.organisation_id, u.username, u.role, u.patient_id, u.created_at, u.disabled_at,
    u.display_name, u.credential
FROM password_codes c
JOIN users u ON u.id = c.user_id
WHERE c.code_hash = $1 AND c.expires_at > $2 AND u.disabled_at IS NULL

-- use_password_code --
DELETE FROM password_codes WHERE code_hash = $1 AND expires_at > $2
RETURNING user_id

-- preferences --
SELECT preferences FROM users WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- set_preferences --
UPDATE users SET preferences = $3
WHERE organisation_id = $1 AND id = $2

-- forget_password_codes --
DELETE FROM password_codes WHERE expires_at < $1
