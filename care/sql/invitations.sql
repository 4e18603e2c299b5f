Invitations of caregivers, and of patients themselves (relation `self`). A code is looked for
before anybody is known: it says whose it is.

-- add --
INSERT INTO invitations (organisation_id, patient_id, code_hash, name, relation, invited_by,
    inviter, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING id

-- open_count --
SELECT count(*)
FROM invitations
WHERE organisation_id = $1 AND patient_id = $2 AND used_at IS NULL AND revoked_at IS NULL
    AND expires_at > $3 AND relation <> 'self'

-- of_code --
-- One that this patient's form has made already, and whether it can still be used.
SELECT id, expires_at,
    used_at IS NULL AND revoked_at IS NULL AND expires_at > $4 AS open
FROM invitations
WHERE organisation_id = $1 AND patient_id = $2 AND code_hash = $3

-- by_code --
-- Only one that can be used now; whatever else was wrong is not told.
SELECT i.id, i.organisation_id, i.patient_id, i.name, i.relation, i.inviter, i.expires_at,
    p.given_name AS patient_name, p.language, o.name AS organisation, o.time_zone
FROM invitations i
JOIN patients p ON p.id = i.patient_id
JOIN organisations o ON o.id = i.organisation_id
WHERE i.code_hash = $1 AND i.used_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2

-- hold --
-- Nobody else uses it until this transaction ends.
SELECT id
FROM invitations
WHERE organisation_id = $1 AND id = $2 AND used_at IS NULL AND revoked_at IS NULL
    AND expires_at > $3
FOR UPDATE

-- use --
UPDATE invitations SET used_at = $3, user_id = $4
WHERE organisation_id = $1 AND id = $2

-- name --
UPDATE users SET display_name = $3, preferences = preferences || $4::text::jsonb
WHERE organisation_id = $1 AND id = $2

-- waiting --
SELECT id, name, relation, inviter, created_at, expires_at
FROM invitations
WHERE organisation_id = $1 AND patient_id = $2 AND used_at IS NULL AND revoked_at IS NULL
    AND expires_at > $3 AND relation <> 'self'
ORDER BY created_at, id

-- withdraw --
UPDATE invitations SET revoked_at = $4, revoked_by = $5
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3 AND used_at IS NULL
    AND revoked_at IS NULL
RETURNING name

-- caregivers --
-- Whoever may see this patient at home, however they came to it. Old sessions are deleted; what
-- they did last stands in the audit log.
SELECT u.id, u.username, u.display_name, i.name, i.relation, u.created_at,
    greatest(
        (SELECT max(last_seen_at) FROM sessions WHERE user_id = u.id),
        (SELECT at FROM audit WHERE organisation_id = $1 AND actor = u.id
            AND $2 = ANY (patients) ORDER BY position DESC LIMIT 1)
    ) AS last_seen_at
FROM users u
LEFT JOIN invitations i ON i.user_id = u.id AND i.organisation_id = $1
WHERE u.organisation_id = $1 AND u.patient_id = $2 AND u.role = 'caregiver'
    AND u.disabled_at IS NULL
ORDER BY u.created_at, u.id

-- caregiver --
SELECT username
FROM users
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3 AND role = 'caregiver'
    AND disabled_at IS NULL

-- mark_revoked --
UPDATE invitations SET revoked_at = $4, revoked_by = $5
WHERE organisation_id = $1 AND patient_id = $2 AND user_id = $3 AND revoked_at IS NULL

-- own_account --
-- The patient's own; disabled ones too, which are opened again rather than made anew.
SELECT id, username, created_at, disabled_at
FROM users
WHERE organisation_id = $1 AND patient_id = $2 AND role = 'patient'
ORDER BY disabled_at IS NOT NULL, created_at, id
LIMIT 1

-- own_waiting --
SELECT id, created_at, expires_at
FROM invitations
WHERE organisation_id = $1 AND patient_id = $2 AND used_at IS NULL AND revoked_at IS NULL
    AND expires_at > $3 AND relation = 'self'
ORDER BY created_at DESC, id
LIMIT 1

-- replace_own --
UPDATE invitations SET revoked_at = $3, revoked_by = $4
WHERE organisation_id = $1 AND patient_id = $2 AND relation = 'self' AND used_at IS NULL
    AND revoked_at IS NULL
