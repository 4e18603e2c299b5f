-- begin --
INSERT INTO oidc_attempts (state_hash, browser_hash, nonce, verifier, next, created_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- take --
DELETE FROM oidc_attempts WHERE state_hash = $1
RETURNING browser_hash, nonce, verifier, next, created_at

-- forget --
DELETE FROM oidc_attempts WHERE created_at < $1

-- linked --
SELECT u.id, u.organisation_id, u.username, u.role, u.patient_id, u.created_at, u.disabled_at,
    u.display_name, u.credential
FROM oidc_links l
JOIN users u ON u.id = l.user_id
WHERE l.issuer = $1 AND l.subject = $2

-- named --
SELECT u.id, u.organisation_id, u.username, u.role, u.patient_id, u.created_at, u.disabled_at,
    u.display_name, u.credential
FROM users u
WHERE u.username = $1 AND NOT EXISTS (SELECT FROM oidc_links l WHERE l.user_id = u.id)

-- link --
INSERT INTO oidc_links (user_id, issuer, subject, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
RETURNING user_id

-- unlink --
DELETE FROM oidc_links l
USING users u
WHERE u.id = l.user_id AND u.organisation_id = $1 AND u.id = $2
