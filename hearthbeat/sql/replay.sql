What the table holds of a replay's devices.

-- stored --
-- By device, over the span of the recordings: other devices' readings are none of its business.
SELECT id, device, kind, measured_at, device_time, sequence, received_at, attribution, reason,
       special, to_jsonb(readings) AS columns
FROM readings
WHERE device = ANY($1::text[]) AND measured_at BETWEEN $2 AND $3

-- unevaluated --
-- What of these people waits to be evaluated.
SELECT count(*)
FROM evaluation_queue q JOIN patients p ON p.id = q.patient_id
WHERE p.mrn = ANY($1::text[])

-- raised --
SELECT p.mrn,
    count(a.id) AS alerts,
    count(a.id) FILTER (WHERE a.rule = 'late-readings') AS late,
    coalesce(sum((a.reason -> 'facts' ->> 'found')::int) FILTER (
        WHERE a.rule = 'late-readings'
    ), 0) AS findings,
    (SELECT count(*) FROM notifications n WHERE n.patient_id = p.id AND n.user_id IS NOT NULL)
        AS told
FROM patients p LEFT JOIN alerts a ON a.patient_id = p.id AND a.state <> 'withdrawn'
WHERE p.mrn = ANY($1::text[])
GROUP BY p.id

-- is_real --
-- Whether an organisation holds anybody but recordings, or nobody at all.
SELECT EXISTS (SELECT FROM users WHERE organisation_id = $1)
    OR EXISTS (
        SELECT FROM patients
        WHERE organisation_id = $1 AND NOT (mrn LIKE $2 AND given_name = $3)
    )
    OR NOT EXISTS (SELECT FROM patients WHERE organisation_id = $1)
