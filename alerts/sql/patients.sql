Messages to patients: reminders and receipts. Only with consent to messages that holds at $1.

-- reachable --
-- A row for each contact in use; $2: only these patients.
SELECT p.id AS patient_id, p.organisation_id, p.time_zone, p.language, c.id AS contact_id,
    c.channel, c.address, c.quiet_from, c.quiet_to, c.receipts
FROM patients p
JOIN contacts c ON c.patient_id = p.id AND c.stopped_at IS NULL
WHERE ($2::uuid[] IS NULL OR p.id = ANY($2)) AND EXISTS (
    SELECT FROM consents s
    WHERE s.patient_id = p.id AND s.kind = 'messages' AND s.given_at <= $1
        AND (s.withdrawn_at IS NULL OR s.withdrawn_at > $1)
)
ORDER BY p.id, c.id

-- schedule --
-- Mostly they are there already, at the same instant: then nothing is written.
INSERT INTO due_times (organisation_id, what, subject, key, due_at)
SELECT w.organisation_id, 'remind', w.patient_id, w.key, w.due_at
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
    AS w (organisation_id, patient_id, key, due_at)
LEFT JOIN due_times d ON d.what = 'remind' AND d.subject = w.patient_id AND d.key = w.key
WHERE d.id IS NULL OR d.due_at <> w.due_at
ORDER BY w.patient_id, w.key
ON CONFLICT (what, subject, key) DO UPDATE SET due_at = excluded.due_at

-- claim --
SELECT id, organisation_id, subject AS patient_id, key, due_at
FROM due_times
WHERE due_at <= $1 AND what = 'remind'
ORDER BY due_at, id
LIMIT $2
FOR UPDATE SKIP LOCKED

-- done --
DELETE FROM due_times WHERE id = ANY($1::bigint[])

-- came --
-- Which of these were measured since; by position.
SELECT w.number
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) WITH ORDINALITY
    AS w (patient_id, kind, since, number)
WHERE EXISTS (
    SELECT FROM readings r
    WHERE r.patient_id = w.patient_id AND r.kind = w.kind AND r.measured_at >= w.since
        AND r.measured_at <= $4::timestamptz + INTERVAL '1 hour'
)

-- unheard --
-- Patients whose hub is known to be away, or in trouble: one that hears their devices, or brought their last
-- reading. That their readings do not come is our trouble then, not theirs.
SELECT w.patient_id
FROM unnest($2::uuid[]) AS w (patient_id)
WHERE EXISTS (
    SELECT
    FROM (
        SELECT d.gateway_id
        FROM device_assignments a
        JOIN devices d ON d.id = a.device_id AND d.retired_at IS NULL
        WHERE a.patient_id = w.patient_id AND a.starts_at <= $1
            AND (a.ends_at IS NULL OR a.ends_at > $1) AND d.gateway_id IS NOT NULL
        UNION
        (
            SELECT r.gateway_id
            FROM readings r
            WHERE r.patient_id = w.patient_id AND r.measured_at <= $1
                AND r.measured_at > $1::timestamptz - INTERVAL '14 days'
            ORDER BY r.measured_at DESC
            LIMIT 1
        )
    ) AS hub
    WHERE EXISTS (
        SELECT FROM alerts x
        WHERE x.subject_kind = 'gateway' AND x.subject = hub.gateway_id
            AND x.rule IN ('gateway-offline', 'gateway-trouble') AND x.state <> 'withdrawn' AND x.cleared_at IS NULL
    ) OR (
        SELECT h.state
        FROM gateway_health h
        WHERE h.gateway_id = hub.gateway_id AND h.received_at <= $1
            AND h.at > $1::timestamptz - INTERVAL '30 days'
        ORDER BY h.received_at DESC
        LIMIT 1
    ) = 'offline'
)

-- sent_today --
-- How many reminders each contact has, or will have, on a day of the patient's.
SELECT n.patient_id, n.channel, n.address, w.day, count(*) AS reminders
FROM notifications n
JOIN unnest($1::uuid[], $2::text[]) AS w (patient_id, day)
    ON n.patient_id = w.patient_id AND n.facts ->> 'day' = w.day
WHERE n.what = 'reminder' AND n.state <> 'cancelled'
    AND n.created_at > $3::timestamptz - INTERVAL '3 days'
GROUP BY n.patient_id, n.channel, n.address, w.day

-- notify --
INSERT INTO notifications (
    organisation_id, patient_id, channel, address, subject, body, key, what, facts, next_at,
    expires_at, created_at
)
SELECT organisation_id, patient_id, channel, address, subject, body, key, what, facts, next_at,
    expires_at, created_at
FROM jsonb_populate_recordset(NULL::notifications, $1::jsonb)
ON CONFLICT (key) DO NOTHING
RETURNING id

-- lead --
-- One at a time looks for what has arrived.
SELECT pg_try_advisory_xact_lock(4847)

-- wanting_receipts --
-- What came lately, of those who want to know, by contact; and which measurement they were told of
-- last.
SELECT p.id AS patient_id, p.organisation_id, p.time_zone, p.language, c.id AS contact_id,
    c.channel, c.address, c.quiet_from, c.quiet_to, came.measured, came.received,
    (
        SELECT max((n.facts ->> 'until')::timestamptz)
        FROM notifications n
        WHERE n.patient_id = p.id AND n.what = 'receipt' AND n.channel = c.channel
            AND n.address = c.address AND n.created_at > $1::timestamptz - INTERVAL '1 day'
    ) AS told_until
FROM contacts c
JOIN patients p ON p.id = c.patient_id
CROSS JOIN LATERAL (
    SELECT array_agg(r.measured_at) AS measured, array_agg(r.received_at) AS received
    FROM readings r
    WHERE r.patient_id = p.id AND r.measured_at > $1::timestamptz - INTERVAL '3 hours'
        AND r.measured_at <= $1::timestamptz + INTERVAL '1 hour'
        AND r.attribution IN ('assigned', 'reassigned')
) AS came
WHERE c.receipts AND c.stopped_at IS NULL AND came.measured IS NOT NULL AND EXISTS (
    SELECT FROM consents s
    WHERE s.patient_id = p.id AND s.kind = 'messages' AND s.given_at <= $1
        AND (s.withdrawn_at IS NULL OR s.withdrawn_at > $1)
)

