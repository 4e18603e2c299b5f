-- place --
UPDATE devices SET
    gateway_id = coalesce(
        (SELECT id FROM gateways WHERE organisation_id = $1 AND id = $3), gateway_id
    ),
    label = coalesce(nullif($4, ''), label),
    passkey = coalesce($5, passkey)
WHERE organisation_id = $1 AND id = $2

-- hubs --
WITH homes AS (
    SELECT d.gateway_id, a.patient_id
    FROM devices d
    JOIN device_assignments a ON a.device_id = d.id
    WHERE d.organisation_id = $1 AND d.gateway_id IS NOT NULL
        AND a.starts_at <= $2 AND (a.ends_at IS NULL OR a.ends_at > $2)
    UNION
    SELECT gateway_id, patient_id
    FROM patient_enrolments
    WHERE organisation_id = $1 AND gateway_id IS NOT NULL
)
SELECT g.id, g.label, g.enrolled_at,
    coalesce(
        array_agg(p.given_name || ' ' || p.family_name ORDER BY p.family_name, p.given_name)
            FILTER (WHERE p.id IS NOT NULL),
        '{}'
    ) AS homes
FROM gateways g
LEFT JOIN homes h ON h.gateway_id = g.id
LEFT JOIN patients p ON p.id = h.patient_id
WHERE g.organisation_id = $1 AND g.transport = 'mqtt' AND g.revoked_at IS NULL
GROUP BY g.id, g.label, g.enrolled_at
ORDER BY count(p.id) > 0, g.id

-- hub --
SELECT g.id, g.label, g.enrolled_at,
    CASE WHEN g.enrolment_expires_at > $3::timestamptz THEN g.enrolment_expires_at END AS code_until,
    last.received_at AS heard_at,
    coalesce(last.state = 'online', FALSE) AS online,
    last.trouble
FROM gateways g
LEFT JOIN LATERAL (
    SELECT h.received_at, h.state, h.trouble
    FROM gateway_health h
    WHERE h.gateway_id = g.id AND h.at > $3::timestamptz - interval '60 days'
    ORDER BY h.received_at DESC
    LIMIT 1
) AS last ON TRUE
WHERE g.organisation_id = $1 AND g.id = $2

-- held --
SELECT a.device_id, d.address, d.label, d.profile, d.gateway_id, a.user_slot, a.starts_at,
    a.ends_at, last.measured_at AS heard_at
FROM device_assignments a
JOIN devices d ON d.id = a.device_id
LEFT JOIN LATERAL (
    SELECT r.measured_at
    FROM readings r
    WHERE r.organisation_id = $1 AND r.patient_id = $2 AND r.device_id = d.id
        AND r.measured_at >= a.starts_at
    ORDER BY r.measured_at DESC
    LIMIT 1
) AS last ON TRUE
WHERE a.organisation_id = $1 AND a.patient_id = $2
ORDER BY a.ends_at IS NOT NULL, a.starts_at DESC, d.address

-- newest --
SELECT kind, measured_at, received_at
FROM readings
WHERE organisation_id = $1 AND patient_id = $2
ORDER BY measured_at DESC
LIMIT 1

-- choices --
-- Devices that may be handed out: those that nobody has first, then those of others, with whose.
SELECT d.address, d.profile, d.label,
    coalesce(h.names, '{}') AS holders, coalesce(h.patients, '{}') AS patients
FROM devices d
LEFT JOIN LATERAL (
    SELECT array_agg(p.family_name || ', ' || p.given_name ORDER BY p.family_name, p.id) AS names,
        array_agg(p.id) AS patients
    FROM device_assignments a
    JOIN patients p ON p.organisation_id = a.organisation_id AND p.id = a.patient_id
    WHERE a.organisation_id = $1 AND a.device_id = d.id
        AND a.starts_at <= $2 AND (a.ends_at IS NULL OR a.ends_at > $2)
) AS h ON true
WHERE d.organisation_id = $1 AND d.retired_at IS NULL
ORDER BY h.names IS NOT NULL, coalesce(nullif(d.label, ''), d.profile), d.address
