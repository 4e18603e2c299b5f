-- begin --
INSERT INTO patient_enrolments AS e (patient_id, organisation_id, started_by, started_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (patient_id) DO UPDATE SET
    programme = NULL,
    programme_version = NULL,
    overrides = '{}',
    reason = '',
    starts_on = NULL,
    started_by = $3,
    started_at = $4,
    finished_by = NULL,
    finished_at = NULL
WHERE e.finished_at IS NOT NULL

-- one --
SELECT patient_id, programme, programme_version, overrides::text AS overrides, reason, starts_on,
    gateway_id, started_by, started_at, finished_at
FROM patient_enrolments
WHERE organisation_id = $1 AND patient_id = $2

-- unfinished --
SELECT e.patient_id, p.mrn, p.given_name, p.family_name, e.started_at,
    coalesce(nullif(u.display_name, ''), u.username) AS started_by
FROM patient_enrolments e
JOIN patients p ON p.id = e.patient_id
LEFT JOIN users u ON u.id = e.started_by
WHERE e.organisation_id = $1 AND e.finished_at IS NULL
ORDER BY e.started_at DESC

-- choose --
UPDATE patient_enrolments SET
    programme = $3,
    programme_version = $4,
    overrides = $5::text::jsonb,
    reason = $6,
    starts_on = $7
WHERE organisation_id = $1 AND patient_id = $2

-- choose_gateway --
UPDATE patient_enrolments e SET gateway_id = g.id
FROM gateways g
WHERE e.organisation_id = $1 AND e.patient_id = $2
    AND g.organisation_id = $1 AND g.id = $3 AND g.revoked_at IS NULL
RETURNING g.id

-- move_devices --
UPDATE devices d SET gateway_id = $3
FROM device_assignments a
WHERE d.organisation_id = $1 AND a.device_id = d.id AND a.organisation_id = $1
    AND a.patient_id = $2 AND a.ends_at IS NULL

-- finish --
UPDATE patient_enrolments SET finished_by = $3, finished_at = $4
WHERE organisation_id = $1 AND patient_id = $2
