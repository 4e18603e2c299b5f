What the table holds of a replay's devices.

-- stored --
-- By device, over the span of the recordings: other devices' readings are none of its business.
SELECT id, device, kind, measured_at, device_time, sequence, received_at, attribution, reason,
       special, to_jsonb(readings) AS columns
FROM readings
WHERE device = ANY($1::text[]) AND measured_at BETWEEN $2 AND $3

-- awaiting --
-- How many of these readings wait to be evaluated.
SELECT count(*)
FROM evaluation_queue
WHERE reading_id = ANY($1::uuid[])

-- is_real --
-- Whether an organisation holds anybody but recordings, or nobody at all.
SELECT EXISTS (SELECT FROM users WHERE organisation_id = $1)
    OR EXISTS (
        SELECT FROM patients
        WHERE organisation_id = $1 AND NOT (mrn LIKE $2 AND given_name = $3)
    )
    OR NOT EXISTS (SELECT FROM patients WHERE organisation_id = $1)
