-- queue --
INSERT INTO evaluation_queue (organisation_id, measured_at, patient_id, kind, attribution)
SELECT DISTINCT p.organisation_id, $3::timestamptz, p.patient_id, 'blood_pressure', 'assigned'
FROM plan_versions p
WHERE p.organisation_id = $1 AND ($2::uuid IS NULL OR p.patient_id = $2)
RETURNING patient_id

-- waiting --
SELECT count(*) FROM evaluation_queue WHERE organisation_id = $1
