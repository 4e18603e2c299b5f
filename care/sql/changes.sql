-- note --
INSERT INTO care_changes (organisation_id, patient_id, at, actor, what, reason, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)

-- of_patient --
SELECT at, actor, username, what, reason, facts::text AS facts
FROM care_changes
LEFT JOIN users ON users.id = actor
WHERE care_changes.organisation_id = $1 AND care_changes.patient_id = $2
ORDER BY care_changes.id DESC

-- lock_patient --
SELECT id FROM patients WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE
