-- list --
SELECT id, kind, method, given_at, withdrawn_at, recorded_by, note, created_at,
    given_by, representative, text_id
FROM consents
WHERE organisation_id = $1 AND patient_id = $2
ORDER BY given_at, kind

-- add --
INSERT INTO consents
    (organisation_id, patient_id, kind, method, given_at, recorded_by, note, given_by,
    representative, text_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id, kind, method, given_at, withdrawn_at, recorded_by, note, created_at,
    given_by, representative, text_id

-- withdraw --
UPDATE consents SET withdrawn_at = $2 WHERE id = $1
RETURNING id, kind, method, given_at, withdrawn_at, recorded_by, note, created_at,
    given_by, representative, text_id
