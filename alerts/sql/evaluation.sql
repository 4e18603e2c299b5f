Draining the evaluation queue.

-- take --
-- Two replicas never take the same row; the order is that of arrival, about.
SELECT position, organisation_id, reading_id, measured_at, patient_id, kind, enqueued_at
FROM evaluation_queue
ORDER BY position
LIMIT $1
FOR UPDATE SKIP LOCKED

-- due --
-- Patients to look at again by the clock: a repeat should have come by now, or they could not be
-- judged before.
SELECT id, organisation_id, subject AS patient_id, (facts ->> 'since')::timestamptz AS since,
    facts ->> 'kind' AS kind, attempts
FROM due_times
WHERE what = 'evaluate' AND due_at <= $1
ORDER BY due_at
LIMIT $2
FOR UPDATE SKIP LOCKED

-- own --
-- One evaluation of a patient at a time: whose lock is taken is left to who has it. The lock comes
-- before the reading of anything, so that the next one sees all that this one writes.
SELECT patient_id
FROM unnest($1::uuid[]) AS wanted (patient_id)
WHERE pg_try_advisory_xact_lock(hashtextextended(patient_id::text, 4845))

-- evaluated --
DELETE FROM evaluation_queue WHERE position = ANY($1::bigint[])

-- no_longer_due --
DELETE FROM due_times WHERE id = ANY($1::bigint[])

-- touched --
-- What may be touched: alerts that began, or were not over, at the instant judged from; and, for
-- what came before it, the latest of each rule that is recent enough to matter.
SELECT id
FROM (
    SELECT a.id, a.onset_at, a.cleared_at, w.since, row_number() OVER (
        PARTITION BY a.patient_id, a.rule, a.onset_at < w.since AND a.state <> 'withdrawn'
        ORDER BY a.onset_at DESC
    ) AS place
    FROM unnest($1::uuid[], $2::timestamptz[]) AS w (patient_id, since)
    JOIN alerts a ON a.patient_id = w.patient_id
    WHERE a.subject_kind = 'patient' AND a.kind IS NOT NULL
        AND coalesce(a.cleared_at, 'infinity') >= w.since - INTERVAL '60 days'
        AND (a.state <> 'withdrawn' OR a.onset_at >= w.since)
) AS lately
WHERE cleared_at IS NULL OR cleared_at >= since OR onset_at >= since OR place = 1

-- kept --
SELECT * FROM alerts WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE

-- proof_before --
-- What alerts rested on before the instant that they are judged anew from.
SELECT r.alert_id, count(*) AS readings, max(r.value) AS greatest, min(r.value) AS least,
    max(r.measured_at) AS last_at,
    (array_agg(r.value ORDER BY r.measured_at DESC, r.reading_id DESC))[1] AS latest,
    (array_agg(r.reading_id ORDER BY r.measured_at DESC, r.reading_id DESC))[1] AS last_reading,
    coalesce(bool_or(r.value = a.worst), FALSE) AS has_worst
FROM unnest($1::uuid[], $2::timestamptz[]) AS w (alert_id, since)
JOIN alerts a ON a.id = w.alert_id
JOIN alert_readings r ON r.alert_id = w.alert_id AND r.measured_at < w.since
GROUP BY r.alert_id

-- forget_proof --
DELETE FROM alert_readings r
USING unnest($1::uuid[], $2::timestamptz[]) AS w (alert_id, since)
WHERE r.alert_id = w.alert_id AND r.measured_at >= w.since

-- prove --
INSERT INTO alert_readings (alert_id, measured_at, reading_id, severity, value)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::float8[])
ON CONFLICT (alert_id, measured_at, reading_id) DO UPDATE
SET severity = excluded.severity, value = excluded.value

-- look_again --
INSERT INTO due_times (organisation_id, what, subject, key, due_at, facts)
SELECT organisation_id, 'evaluate', patient_id, key, due_at,
    jsonb_build_object('since', since, 'kind', kind)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[])
    AS w (organisation_id, patient_id, key, due_at, since, kind)
ON CONFLICT (what, subject, key) DO UPDATE SET due_at = excluded.due_at, facts = excluded.facts

-- put_off --
-- Patients that could not be judged, from their earliest new reading on, each time later.
INSERT INTO due_times AS d (organisation_id, what, subject, key, due_at, facts, attempts)
SELECT organisation_id, 'evaluate', patient_id, 'again', due_at,
    jsonb_build_object('since', since), attempts
FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::int[])
    AS w (organisation_id, patient_id, due_at, since, attempts)
ON CONFLICT (what, subject, key) DO UPDATE SET
    due_at = excluded.due_at,
    attempts = greatest(d.attempts, excluded.attempts),
    facts = jsonb_build_object('since', least(
        (d.facts ->> 'since')::timestamptz, (excluded.facts ->> 'since')::timestamptz
    ))

-- policies --
SELECT p.id, p.resolved, o.time_zone
FROM plan_versions p JOIN organisations o ON o.id = p.organisation_id
WHERE p.id = ANY($1::uuid[])

-- ask_again --
-- The home where the first value was measured is asked, with the device that measured it.
INSERT INTO repeat_requests (
    organisation_id, patient_id, alert_id, gateway_id, device, kind, asked_at, until
)
SELECT a.organisation_id, a.patient_id, a.id, r.gateway_id, r.device, r.kind, $3, w.until
FROM unnest($1::uuid[], $2::timestamptz[]) AS w (alert_id, until)
JOIN alerts a ON a.id = w.alert_id
JOIN readings r ON r.measured_at = a.onset_at AND r.id = a.onset_reading
ON CONFLICT (alert_id) DO NOTHING

-- answered --
UPDATE repeat_requests SET ended_at = $2, answer = w.answer
FROM unnest($1::uuid[], $3::text[]) AS w (alert_id, answer)
WHERE repeat_requests.alert_id = w.alert_id AND repeat_requests.ended_at IS NULL

-- backlog_items --
-- The latest backlog of each patient, dealt with or not.
SELECT DISTINCT ON (patient_id) *
FROM alerts
WHERE patient_id = ANY($1::uuid[]) AND rule = 'late-readings' AND state <> 'withdrawn'
ORDER BY patient_id, onset_at DESC

-- arrivals --
-- Late readings that arrived within a span, all of them: some were judged in another batch.
SELECT w.patient_id, w.first_received, w.last_received, count(*) AS count,
    min(r.measured_at) AS first_measured, max(r.measured_at) AS last_measured
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::interval[])
    AS w (patient_id, first_received, last_received, late_after)
JOIN readings r ON r.patient_id = w.patient_id
    AND r.measured_at <= w.last_received
    AND r.received_at BETWEEN w.first_received AND w.last_received
    AND r.received_at - r.measured_at > w.late_after
GROUP BY w.patient_id, w.first_received, w.last_received
ORDER BY w.patient_id, w.first_received
