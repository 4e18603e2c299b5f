Rows of alerts, their history and what is due, written many at a time. Rows travel as JSON of the
table's own columns.

-- find --
SELECT * FROM alerts WHERE organisation_id = $1 AND id = $2

-- lock --
SELECT * FROM alerts WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- lock_idle --
-- Not waiting for who is at it: who holds the alert may be waiting for what we hold.
SELECT * FROM alerts WHERE organisation_id = $1 AND id = $2 FOR UPDATE SKIP LOCKED

-- lock_many --
-- In the order of ids: two that lock the same alerts never wait for each other in a circle.
SELECT * FROM alerts WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE

-- write --
INSERT INTO alerts
SELECT * FROM jsonb_populate_recordset(NULL::alerts, $1::jsonb)
ON CONFLICT (id) DO UPDATE SET
    label = excluded.label,
    plan_version_id = excluded.plan_version_id,
    metric = excluded.metric,
    severity = excluded.severity,
    peak = excluded.peak,
    state = excluded.state,
    lane = excluded.lane,
    onset_reading = excluded.onset_reading,
    onset_at = excluded.onset_at,
    last_at = excluded.last_at,
    cleared_at = excluded.cleared_at,
    cleared_why = excluded.cleared_why,
    readings = excluded.readings,
    value = excluded.value,
    worst = excluded.worst,
    bound = excluded.bound,
    reason = excluded.reason,
    late = excluded.late,
    acknowledged_at = excluded.acknowledged_at,
    acknowledged_by = excluded.acknowledged_by,
    acknowledge_by = excluded.acknowledge_by,
    snoozed_until = excluded.snoozed_until,
    escalation_level = excluded.escalation_level,
    generation = excluded.generation,
    ended_at = excluded.ended_at,
    ended_by = excluded.ended_by,
    outcome = excluded.outcome,
    updated_at = excluded.updated_at,
    version = excluded.version

-- log --
INSERT INTO alert_events (
    organisation_id, alert_id, patient_id, version, at, event, from_state, to_state, actor, reason,
    facts, idempotency_key
)
SELECT
    organisation_id, alert_id, patient_id, version, at, event, from_state, to_state, actor, reason,
    facts, idempotency_key
FROM jsonb_populate_recordset(NULL::alert_events, $1::jsonb)

-- not_due --
DELETE FROM due_times d
USING unnest($1::uuid[], $2::text[]) AS gone (subject, what)
WHERE d.subject = gone.subject AND d.what = gone.what

-- due --
INSERT INTO due_times (organisation_id, what, subject, key, due_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::timestamptz[])
ON CONFLICT (what, subject, key) DO UPDATE SET due_at = excluded.due_at, attempts = 0

-- hush --
UPDATE notifications SET state = 'cancelled', ended_at = $2
WHERE alert_id = ANY($1::uuid[]) AND state = 'queued'

-- told --
SELECT pg_notify('hearthbeat_alerts', organisation_id::text || ' ' || id::text || ' ' || version)
FROM jsonb_populate_recordset(NULL::alerts, $1::jsonb)

-- same_request --
SELECT event, reason, facts FROM alert_events WHERE alert_id = $1 AND idempotency_key = $2

-- last_event --
SELECT e.event, e.at, e.actor, coalesce(nullif(u.display_name, ''), u.username) AS actor_name
FROM alert_events e LEFT JOIN users u ON u.id = e.actor
WHERE e.alert_id = $1
ORDER BY e.version DESC
LIMIT 1

-- claim --
-- A lease that is over, one's own, or that of who may not sign in any more is taken; somebody
-- else's only when `take_over` is said.
INSERT INTO alert_claims (organisation_id, subject_kind, subject, user_id, claimed_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organisation_id, subject_kind, subject) DO UPDATE SET
    user_id = excluded.user_id,
    claimed_at = CASE
        WHEN alert_claims.user_id = excluded.user_id AND alert_claims.expires_at > $5
        THEN alert_claims.claimed_at ELSE excluded.claimed_at
    END,
    expires_at = excluded.expires_at
WHERE alert_claims.user_id = excluded.user_id OR alert_claims.expires_at <= $5 OR $7
    OR EXISTS (
        SELECT FROM users u WHERE u.id = alert_claims.user_id AND u.disabled_at IS NOT NULL
    )
RETURNING user_id

-- claimed_by --
SELECT c.user_id, coalesce(nullif(u.display_name, ''), u.username) AS username, c.claimed_at, c.expires_at
FROM alert_claims c JOIN users u ON u.id = c.user_id
WHERE c.organisation_id = $1 AND c.subject_kind = $2 AND c.subject = $3 AND c.expires_at > $4

-- release --
DELETE FROM alert_claims
WHERE organisation_id = $1 AND subject_kind = $2 AND subject = $3 AND user_id = $4

-- policy --
SELECT p.resolved, o.time_zone
FROM organisations o LEFT JOIN plan_versions p ON p.id = $2
WHERE o.id = $1
