What waits for somebody to look, and how hubs and devices are. Every statement names the clinic.

-- values --
-- $1 organisations that are seen, $2 and $3 ids and instants of readings.
SELECT r.*
FROM unnest($2::uuid[], $3::timestamptz[]) AS wanted (id, measured_at)
JOIN readings r ON r.id = wanted.id AND r.measured_at = wanted.measured_at
WHERE r.organisation_id = ANY($1::uuid[])

-- hubs --
-- Each with what it said last: the latest word by our clock.
SELECT g.id, g.label, g.transport, g.time_zone, g.enrolled_at, g.revoked_at,
    g.enrolment_expires_at, last.state, last.received_at, last.version, last.queue_depth,
    last.devices, last.trouble, coalesce(last.undecodable, 0) AS undecodable,
    ARRAY(
        SELECT DISTINCT a.patient_id
        FROM devices d
        JOIN device_assignments a ON a.device_id = d.id
            AND a.starts_at <= $3 AND (a.ends_at IS NULL OR a.ends_at > $3)
        WHERE d.gateway_id = g.id AND d.organisation_id = g.organisation_id
    ) AS patients
FROM gateways g
LEFT JOIN LATERAL (
    SELECT h.state, h.received_at, h.version, h.queue_depth, h.devices, h.trouble, h.undecodable
    FROM gateway_health h
    WHERE h.gateway_id = g.id AND h.organisation_id = g.organisation_id AND h.at > $2
    ORDER BY h.received_at DESC
    LIMIT 1
) AS last ON true
WHERE g.organisation_id = $1 AND ($4::text IS NULL OR g.id = $4)
ORDER BY g.revoked_at IS NOT NULL, g.id

-- holders --
-- Who has each device now.
SELECT a.device_id, a.user_slot, p.id, p.given_name, p.family_name, p.mrn
FROM device_assignments a
JOIN patients p ON p.id = a.patient_id AND p.organisation_id = a.organisation_id
WHERE a.organisation_id = $1
    AND a.starts_at <= $2 AND (a.ends_at IS NULL OR a.ends_at > $2)
ORDER BY a.user_slot NULLS FIRST, p.family_name

-- history --
-- All who ever had one device.
SELECT a.user_slot, a.starts_at, a.ends_at, a.reason, p.id, p.given_name, p.family_name, p.mrn
FROM device_assignments a
JOIN patients p ON p.id = a.patient_id AND p.organisation_id = a.organisation_id
WHERE a.organisation_id = $1 AND a.device_id = $2
ORDER BY a.starts_at DESC, a.user_slot NULLS FIRST

-- last_readings --
-- Of the last month: when each device was heard last, and how often.
SELECT device_id, max(measured_at) AS last_at, count(*) AS readings
FROM readings
WHERE organisation_id = $1 AND measured_at > $2 AND device_id IS NOT NULL
GROUP BY device_id

-- of_device --
SELECT *
FROM readings
WHERE organisation_id = $1 AND device_id = $2 AND measured_at > $3
ORDER BY measured_at DESC
LIMIT 20

-- hub_history --
SELECT state, received_at, version, queue_depth, trouble, undecodable
FROM gateway_health
WHERE organisation_id = $1 AND gateway_id = $2 AND at > $3
ORDER BY received_at DESC
LIMIT 20

-- patient_by_number --
SELECT id FROM patients WHERE organisation_id = $1 AND mrn = $2

-- waiting --
-- What stands in lines of this clinic, and since when.
SELECT
    (SELECT count(*) FROM evaluation_queue WHERE organisation_id = $1) AS to_evaluate,
    (SELECT min(enqueued_at) FROM evaluation_queue WHERE organisation_id = $1) AS since,
    (SELECT count(*) FROM notifications
        WHERE organisation_id = $1 AND state IN ('queued', 'sending')) AS to_send,
    (SELECT count(*) FROM notifications
        WHERE organisation_id = $1 AND state = 'failed' AND created_at > $2) AS not_sent,
    (SELECT count(*) FROM dead_letters
        WHERE organisation_id = $1 AND replayed_at IS NULL) AS letters,
    (SELECT count(*) FROM readings
        WHERE organisation_id = $1 AND measured_at > $2) AS readings,
    (SELECT max(received_at) FROM readings
        WHERE organisation_id = $1 AND measured_at > $2) AS last_reading,
    (SELECT percentile_cont(0.95) WITHIN GROUP (
        ORDER BY extract(epoch FROM received_at - sent_at))
        FROM readings
        WHERE organisation_id = $1 AND measured_at > $2 AND sent_at IS NOT NULL
            AND received_at > $2 AND NOT 'late' = ANY(flags)) AS carried_s,
    (SELECT percentile_cont(0.95) WITHIN GROUP (
        ORDER BY extract(epoch FROM a.opened_at - r.received_at))
        FROM alerts a
        JOIN readings r ON r.id = a.onset_reading AND r.measured_at = a.onset_at
        WHERE a.organisation_id = $1 AND a.opened_at > $2 AND NOT a.late
            AND r.measured_at > $2) AS alerted_s
