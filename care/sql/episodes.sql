-- list --
SELECT id, programme, starts_at, ends_at, start_reason, end_reason, end_note, created_by,
    created_at
FROM episodes
WHERE organisation_id = $1 AND patient_id = $2
ORDER BY starts_at, programme

-- start --
INSERT INTO episodes
    (organisation_id, patient_id, programme, starts_at, start_reason, created_by)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id, programme, starts_at, ends_at, start_reason, end_reason, end_note, created_by,
    created_at

-- end --
UPDATE episodes SET ends_at = $2, end_reason = $3, end_note = $4
WHERE id = $1
RETURNING id, programme, starts_at, ends_at, start_reason, end_reason, end_note, created_by,
    created_at
