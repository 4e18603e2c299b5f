-- list --
SELECT id, ordered_by, npi, ordered_at, starts_at, ends_at, diagnoses, kinds, note, recorded_by,
    created_at
FROM orders
WHERE organisation_id = $1 AND patient_id = $2
ORDER BY starts_at, created_at

-- add --
INSERT INTO orders
    (organisation_id, patient_id, ordered_by, npi, ordered_at, starts_at, ends_at, diagnoses,
    kinds, note, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id, ordered_by, npi, ordered_at, starts_at, ends_at, diagnoses, kinds, note,
    recorded_by, created_at

-- end --
UPDATE orders SET ends_at = $2 WHERE id = $1
RETURNING id, ordered_by, npi, ordered_at, starts_at, ends_at, diagnoses, kinds, note,
    recorded_by, created_at

-- correct --
UPDATE orders SET ordered_by = $2, npi = $3, diagnoses = $4 WHERE id = $1
RETURNING id, ordered_by, npi, ordered_at, starts_at, ends_at, diagnoses, kinds, note,
    recorded_by, created_at
