-- lock_device --
SELECT id FROM devices WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- has_patient --
SELECT EXISTS (SELECT FROM patients WHERE organisation_id = $1 AND id = $2)

-- of_device --
SELECT id, patient_id, user_slot, starts_at, ends_at
FROM device_assignments
WHERE organisation_id = $1 AND device_id = $2
ORDER BY starts_at, user_slot

-- add --
INSERT INTO device_assignments
    (organisation_id, device_id, patient_id, user_slot, starts_at, ends_at, created_by, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id, patient_id, user_slot, starts_at, ends_at

-- end --
UPDATE device_assignments SET ends_at = $2 WHERE id = $1
