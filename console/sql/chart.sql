What a patient's chart shows. Every statement names the organisation ($1).

-- banner --
SELECT p.id, p.mrn, p.given_name, p.family_name, p.birth_date, p.time_zone, p.language, p.sex,
    p.phone, p.allergies, p.weight_unit, p.glucose_unit,
    p.temperature_unit,
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

-- zone --
SELECT time_zone FROM patients WHERE organisation_id = $1 AND id = $2

-- units --
SELECT weight_unit, glucose_unit, temperature_unit FROM patients WHERE organisation_id = $1 AND id = $2

-- device_names --
SELECT DISTINCT d.address, d.label
FROM device_assignments a JOIN devices d ON d.id = a.device_id
WHERE a.organisation_id = $1 AND a.patient_id = $2

-- holders --
-- Who had a device when something was measured with it.
SELECT a.id, a.patient_id, a.user_slot, a.starts_at, a.ends_at, p.mrn
FROM device_assignments a
JOIN devices d ON d.id = a.device_id
JOIN patients p ON p.id = a.patient_id
WHERE a.organisation_id = $1 AND d.address = $2
    AND a.starts_at <= $3 AND (a.ends_at IS NULL OR a.ends_at > $3)
ORDER BY a.starts_at

-- their_devices --
-- With the hub's last word of each: battery, last seen, clock.
SELECT a.id, a.user_slot, a.starts_at, a.ends_at, d.id AS device, d.address, d.label, d.profile,
    d.gateway_id, last.measured_at AS read_at
FROM device_assignments a
JOIN devices d ON d.id = a.device_id
LEFT JOIN LATERAL (
    SELECT r.measured_at
    FROM readings r
    WHERE r.patient_id = a.patient_id AND r.device = d.address AND r.measured_at <= $3
    ORDER BY r.measured_at DESC
    LIMIT 1
) AS last ON true
WHERE a.organisation_id = $1 AND a.patient_id = $2
ORDER BY (a.ends_at IS NULL OR a.ends_at > $3) DESC, a.starts_at DESC

-- hubs --
-- Their last word, and the last one that told of devices.
SELECT g.id, g.label, g.revoked_at, last.state, last.received_at, last.version, last.trouble,
    last.queue_depth, told.devices::text AS devices
FROM gateways g
LEFT JOIN LATERAL (
    SELECT h.state, h.received_at, h.version, h.trouble, h.queue_depth
    FROM gateway_health h
    WHERE h.gateway_id = g.id AND h.at > $3::timestamptz - INTERVAL '60 days'
    ORDER BY h.received_at DESC
    LIMIT 1
) AS last ON true
LEFT JOIN LATERAL (
    SELECT h.devices
    FROM gateway_health h
    WHERE h.gateway_id = g.id AND h.devices IS NOT NULL
        AND h.at > $3::timestamptz - INTERVAL '60 days'
    ORDER BY h.received_at DESC
    LIMIT 1
) AS told ON true
WHERE g.organisation_id = $1 AND g.id = ANY($2::text[])
ORDER BY g.id
