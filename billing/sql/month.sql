What the month strip counts, of one patient.

-- where --
SELECT p.time_zone AS patient_zone, o.time_zone AS practice_zone,
    (
        SELECT max(e.starts_at) FROM episodes e
        WHERE e.organisation_id = $1 AND e.patient_id = $2 AND e.starts_at <= $3
    ) AS since
FROM patients p JOIN organisations o ON o.id = p.organisation_id
WHERE p.organisation_id = $1 AND p.id = $2

-- days --
-- Local dates of measurement, as they were fixed then (D-7), of readings that a device of this
-- patient sent (D-5, D-6): not typed, not held back, not of a control solution or a test.
SELECT DISTINCT local_day
FROM readings
WHERE organisation_id = $1 AND patient_id = $2
    AND measured_at >= $3 AND measured_at < $4
    AND attribution = ANY($5::text[])
    AND device_id IS NOT NULL
    AND NOT flags && $6::text[]
    AND profile <> ALL($7::text[])

-- spent --
-- Entries that count and touch the month; one with pauses may have begun days before.
SELECT e.spans, e.role, e.service, e.activity, e.mode, e.with_whom
FROM time_entries e
WHERE e.organisation_id = $1 AND e.patient_id = $2
    AND e.started_at < $4 AND e.ended_at > $3 AND NOT e.withdrawn
    AND e.started_at > $3::timestamptz - INTERVAL '8 days'
    AND NOT EXISTS (SELECT FROM time_entries c WHERE c.corrects = e.id)
