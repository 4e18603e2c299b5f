The demonstration clinic: its register, and the past that is made for it. Owned by hearthbeat.demo.

-- began --
-- When the clinic was made: its past is reckoned from there, at every start.
SELECT created_at FROM organisations WHERE id = $1

-- patients --
SELECT id, mrn FROM patients WHERE organisation_id = $1

-- holder --
-- Who had the device first; of a shared scale, whose it is.
SELECT a.patient_id
FROM device_assignments a JOIN devices d ON d.organisation_id = $1 AND d.id = a.device_id
WHERE a.organisation_id = $1 AND d.address = $2 AND a.reason = 'demonstration'
ORDER BY a.user_slot NULLS FIRST, a.starts_at LIMIT 1

-- describe --
UPDATE patients
SET sex = $3, phone = $4, allergies = $5, weight_unit = $6, glucose_unit = $7, created_at = $8,
    temperature_unit = CASE $6 WHEN 'kg' THEN 'C' ELSE 'F' END
WHERE organisation_id = $1 AND id = $2

-- enrolled --
-- The kit has been in the home for as long as they have measured.
UPDATE gateways SET enrolled_at = $3, created_at = $3 WHERE organisation_id = $1 AND id = $2

-- registered --
-- A device of the past is in the register since it was handed out, not since the demonstration began.
UPDATE devices SET created_at = $3 WHERE organisation_id = $1 AND id = $2 AND created_at > $3

-- device --
SELECT id FROM devices WHERE organisation_id = $1 AND address = $2

-- call --
UPDATE users SET display_name = $3, credential = $4
WHERE organisation_id = $1 AND username = $2 AND display_name = ''

-- clinic reached --
UPDATE organisations
SET phone = coalesce(phone, $2), emergency_number = coalesce(emergency_number, '911')
WHERE id = $1

-- made --
-- Whose past is made: a plan stands at its beginning, and all of it is one transaction.
SELECT p.id
FROM patients p
WHERE p.organisation_id = $1 AND p.id = ANY($2::uuid[])
    AND EXISTS (SELECT FROM plan_versions v WHERE v.patient_id = p.id)

-- heard --
-- Until when the readings of these hubs are there.
SELECT gateway_id, max(received_at) AS at
FROM readings
WHERE organisation_id = $1 AND gateway_id = ANY($2::text[])
GROUP BY gateway_id

-- alone --
-- Nobody else evaluates the patient until the transaction ends: the lock of alerts.evaluating.
SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 4845))

-- arrived one by one --
-- Readings are stored many at a time; each came in its own minute.
UPDATE readings SET received_at = w.at
FROM unnest($1::timestamptz[], $2::uuid[], $3::timestamptz[]) AS w (measured_at, id, at)
WHERE readings.measured_at = w.measured_at AND readings.id = w.id

-- take --
DELETE FROM evaluation_queue
WHERE patient_id = $1
RETURNING organisation_id, reading_id, measured_at, patient_id, kind

-- take due --
DELETE FROM due_times
WHERE what = 'evaluate' AND subject = $1 AND due_at <= $2
RETURNING organisation_id, subject AS patient_id, (facts ->> 'since')::timestamptz AS since,
    facts ->> 'kind' AS kind, attempts

-- due --
-- What the clock will do to the patient's alerts, and when to look again.
SELECT id, organisation_id, what, subject, key, due_at, attempts
FROM due_times
WHERE due_at <= $2 AND (
    (what = 'evaluate' AND subject = $1)
    OR (
        what IN ('escalate', 'reopen', 'wake', 'auto_close')
        AND subject IN (SELECT a.id FROM alerts a WHERE a.patient_id = $1 AND a.ended_at IS NULL)
    )
)
ORDER BY due_at, id

-- told then --
-- Messages of the past: the console showed them then, and nobody else is told of it now.
UPDATE notifications
SET state = CASE WHEN channel = 'console' THEN 'sent' ELSE 'cancelled' END,
    last_error = CASE WHEN channel = 'console' THEN NULL ELSE 'past of the demonstration' END,
    attempts = 1, ended_at = created_at,
    sent_at = CASE WHEN channel = 'console' THEN created_at END
WHERE patient_id = $1 AND state = 'queued'

-- stories told --
SELECT count(*) FILTER (WHERE state <> 'withdrawn') AS alerts,
    count(*) FILTER (WHERE ended_at IS NULL) AS standing
FROM alerts WHERE organisation_id = $1

-- open rows --
-- The queue's rows by their worst alert, as a hand-over counts them.
SELECT severity, count(*) FROM (
    SELECT DISTINCT ON (subject_kind, subject) severity
    FROM alerts
    WHERE organisation_id = $1 AND ended_at IS NULL
    ORDER BY subject_kind, subject,
        array_position(ARRAY['critical', 'high', 'medium', 'low'], severity)
) AS rows
GROUP BY severity

-- standing --
SELECT id FROM alerts WHERE organisation_id = $1 AND ended_at IS NULL ORDER BY opened_at LIMIT 40

-- done lately --
SELECT event, count(*) FROM alert_events
WHERE organisation_id = $1 AND actor IS NOT NULL AND at > $2
    AND event IN ('acknowledged', 'snoozed', 'escalated', 'resolved', 'reopened', 'noted')
GROUP BY event

-- filled --
-- Every patient has a past, the sweep has looked at their homes, and bills are worked out.
SELECT (SELECT count(DISTINCT patient_id) FROM orders) >= $1
    AND (SELECT count(*) FROM alerts WHERE lane = 'technical') >= 5
    AND EXISTS (SELECT FROM billing_months WHERE version = 0 AND evaluated_at IS NOT NULL)

-- sent lines --
SELECT l.id FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
WHERE l.organisation_id = $1 AND m.month = $2 AND l.status = 'exported'
ORDER BY l.id

-- locked month --
SELECT max(month) FROM billing_months WHERE version > 0

-- by number --
SELECT id FROM patients WHERE mrn = $1 LIMIT 1

-- in a programme since --
SELECT patient_id, min(starts_at) AS since FROM episodes
WHERE organisation_id = $1 GROUP BY patient_id
