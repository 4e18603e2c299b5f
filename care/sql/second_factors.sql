-- state --
SELECT o.second_factor_required, f.confirmed_at IS NOT NULL AS confirmed
FROM users u
JOIN organisations o ON o.id = u.organisation_id
LEFT JOIN second_factors f ON f.user_id = u.id
WHERE u.organisation_id = $1 AND u.id = $2

-- begin --
INSERT INTO second_factors (user_id, secret, created_at)
SELECT id, $3, $4 FROM users WHERE organisation_id = $1 AND id = $2
ON CONFLICT (user_id) DO UPDATE
SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0
WHERE second_factors.confirmed_at IS NULL
RETURNING user_id

-- secret --
SELECT f.secret, f.confirmed_at, f.created_at
FROM second_factors f
JOIN users u ON u.id = f.user_id
WHERE u.organisation_id = $1 AND u.id = $2

-- confirm --
UPDATE second_factors SET confirmed_at = $2, last_step = $3
WHERE user_id = $1 AND confirmed_at IS NULL AND secret = $4
RETURNING user_id

-- use_step --
UPDATE second_factors SET last_step = $2
WHERE user_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2
RETURNING user_id

-- use_spare --
UPDATE recovery_codes SET used_at = $3
WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL
RETURNING user_id

-- add_spare --
INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)

-- spare_left --
SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL

-- remove_spare --
DELETE FROM recovery_codes WHERE user_id = $1

-- remove --
DELETE FROM second_factors f
USING users u
WHERE u.id = f.user_id AND u.organisation_id = $1 AND u.id = $2
