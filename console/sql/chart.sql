What a patient's chart shows. Every statement names the organisation ($1).

-- banner --
SELECT p.id, p.mrn, p.given_name, p.family_name, p.birth_date, p.time_zone, p.language, p.sex,
    p.phone, p.allergies, p.weight_unit, p.glucose_unit,
    (SELECT count(*) FROM alerts a
        WHERE a.organisation_id = $1 AND a.patient_id = p.id AND a.ended_at IS NULL) AS alerts,
    (SELECT max(array_position(ARRAY['low', 'medium', 'high', 'critical'], a.severity))
        FROM alerts a
        WHERE a.organisation_id = $1 AND a.patient_id = p.id AND a.ended_at IS NULL) AS worst,
    ARRAY(
        SELECT coalesce(
            (SELECT g.title FROM programmes g WHERE g.id = e.programme
                ORDER BY g.version DESC LIMIT 1),
            e.programme
        )
        FROM episodes e
        WHERE e.organisation_id = $1 AND e.patient_id = p.id
            AND e.starts_at <= $3 AND (e.ends_at IS NULL OR e.ends_at > $3)
        ORDER BY e.starts_at
    ) AS programmes
FROM patients p
WHERE p.organisation_id = $1 AND p.id = $2

-- kinds --
-- What there is of a patient's, since $3, and the last of each.
SELECT kind, count(*) AS readings, min(measured_at) AS first_at, max(measured_at) AS last_at
FROM readings
WHERE organisation_id = $1 AND patient_id = $2 AND measured_at >= $3
GROUP BY kind

-- circumstances --
-- When readings were taken around meals, and which a person typed; packed, as for a year of them.
SELECT kind, context->>'meal' AS meal, profile = ANY($4::text[]) AS typed,
    string_agg(timestamptz_send(measured_at), '') AS at
FROM readings
WHERE organisation_id = $1 AND patient_id = $2 AND measured_at >= $3
    AND (context ? 'meal' OR profile = ANY($4::text[]))
GROUP BY 1, 2, 3

-- held --
-- What came from this patient's devices while they had them, and counts for nobody yet.
SELECT r.kind, r.attribution, r.reason, count(*) AS readings
FROM device_assignments a
JOIN devices d ON d.id = a.device_id
JOIN readings r ON r.device = d.address AND r.organisation_id = $1
    AND r.attribution IN ('ambiguous', 'quarantined')
    AND r.measured_at >= greatest(a.starts_at, $3)
    AND (a.ends_at IS NULL OR r.measured_at < a.ends_at)
    AND r.received_at >= $3
WHERE a.organisation_id = $1 AND a.patient_id = $2
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3

-- alerts --
-- That began in the span or stand: marks on the charts.
SELECT id, kind, metric, lane, severity, peak, state, label, onset_at, cleared_at, ended_at
FROM alerts
WHERE organisation_id = $1 AND patient_id = $2 AND state <> 'withdrawn'
    AND onset_at >= $3
ORDER BY onset_at

-- standing_of --
-- What is open about a patient, worst first.
SELECT id, severity, lane, label, state, onset_at, opened_at, snoozed_until
FROM alerts
WHERE organisation_id = $1 AND patient_id = $2 AND ended_at IS NULL
ORDER BY array_position(ARRAY['low', 'medium', 'high', 'critical'], severity) DESC, onset_at
