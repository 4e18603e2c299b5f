What a dry run over stored readings asks for.

-- patients --
-- $2: only these, in an order that parts can be cut in.
SELECT id
FROM patients
WHERE organisation_id = $1 AND ($2::uuid[] IS NULL OR id = ANY($2))
ORDER BY id

-- counts --
-- How many readings each patient has in the span: to cut parts, and to show how far it is.
SELECT patient_id, count(*) AS readings
FROM readings
WHERE patient_id = ANY($1::uuid[]) AND measured_at >= $2 AND measured_at < $3
GROUP BY patient_id

-- refused --
-- Held back, by whom the device was given to: no rule has looked at these.
SELECT coalesce(r.reason, r.attribution) AS reason, count(*) AS readings
FROM readings r
JOIN device_assignments a ON a.id = r.assignment_id
WHERE r.organisation_id = $1 AND r.attribution IN ('ambiguous', 'quarantined')
    AND a.patient_id = ANY($2::uuid[]) AND r.measured_at >= $3 AND r.measured_at < $4
GROUP BY 1

-- acted_on --
-- What a person resolved, and not as false: these must not be lost by accident.
SELECT id, patient_id, rule, kind, peak, bound, onset_at, cleared_at
FROM alerts
WHERE organisation_id = $1 AND patient_id = ANY($2::uuid[])
    AND subject_kind = 'patient' AND kind IS NOT NULL
    AND lane IN ('medical', 'needs_check', 'review')
    AND state = 'resolved' AND outcome IS NOT NULL
    AND outcome NOT IN ('false_alarm', 'measurement_error', 'auto_cleared')
    AND onset_at >= $3 AND onset_at < $4
ORDER BY onset_at, id
