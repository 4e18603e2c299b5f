-- account --
SELECT role, disabled_at FROM users WHERE organisation_id = $1 AND id = $2

-- list --
SELECT care_team.id, care_team.user_id, username, display_name, care_team.role, starts_at, ends_at,
    created_by
FROM care_team
JOIN users ON users.id = care_team.user_id
WHERE care_team.organisation_id = $1 AND care_team.patient_id = $2
ORDER BY starts_at, username

-- add --
INSERT INTO care_team (organisation_id, patient_id, user_id, role, starts_at, ends_at, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id

-- end --
UPDATE care_team SET ends_at = $2 WHERE id = $1
