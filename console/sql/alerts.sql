Alerts as people ask for them.

-- list --
-- $2 states, $3 severities, $4 patient, $5 lane; NULL: any. $6.. the place of the page before.
SELECT a.*, c.user_id AS claim_user, coalesce(nullif(u.display_name, ''), u.username) AS claim_name,
    c.expires_at AS claim_until,
    coalesce(nullif(k.display_name, ''), k.username) AS acknowledged_name
FROM alerts a
LEFT JOIN alert_claims c ON c.organisation_id = a.organisation_id
    AND c.subject_kind = a.subject_kind AND c.subject = a.subject AND c.expires_at > $9
LEFT JOIN users u ON u.id = c.user_id
LEFT JOIN users k ON k.id = a.acknowledged_by
WHERE a.organisation_id = $1
    AND ($2::text[] IS NULL OR a.state = ANY($2))
    AND ($3::text[] IS NULL OR a.severity = ANY($3))
    AND ($4::uuid IS NULL OR a.patient_id = $4)
    AND ($5::text IS NULL OR a.lane = $5)
    AND (
        $6::int IS NULL OR (
            array_position(ARRAY['low', 'medium', 'high', 'critical'], a.severity),
            a.opened_at, a.id
        ) < ($6::int, $7::timestamptz, $8::uuid)
    )
ORDER BY array_position(ARRAY['low', 'medium', 'high', 'critical'], a.severity) DESC,
    a.opened_at DESC, a.id DESC
LIMIT $10

-- one --
SELECT a.*, c.user_id AS claim_user, coalesce(nullif(u.display_name, ''), u.username) AS claim_name,
    c.expires_at AS claim_until,
    coalesce(nullif(k.display_name, ''), k.username) AS acknowledged_name
FROM alerts a
LEFT JOIN alert_claims c ON c.organisation_id = a.organisation_id
    AND c.subject_kind = a.subject_kind AND c.subject = a.subject AND c.expires_at > $3
LEFT JOIN users u ON u.id = c.user_id
LEFT JOIN users k ON k.id = a.acknowledged_by
WHERE a.organisation_id = $1 AND a.id = $2

-- standing --
SELECT a.*, c.user_id AS claim_user, coalesce(nullif(u.display_name, ''), u.username) AS claim_name,
    c.expires_at AS claim_until,
    coalesce(nullif(k.display_name, ''), k.username) AS acknowledged_name
FROM alerts a
LEFT JOIN alert_claims c ON c.organisation_id = a.organisation_id
    AND c.subject_kind = a.subject_kind AND c.subject = a.subject AND c.expires_at > $2
LEFT JOIN users u ON u.id = c.user_id
LEFT JOIN users k ON k.id = a.acknowledged_by
WHERE a.organisation_id = $1 AND a.ended_at IS NULL

-- events --
SELECT e.version, e.at, e.event, e.from_state, e.to_state, e.actor,
    coalesce(nullif(u.display_name, ''), u.username) AS actor_name, e.reason, e.facts
FROM alert_events e LEFT JOIN users u ON u.id = e.actor
WHERE e.organisation_id = $1 AND e.alert_id = $2
ORDER BY e.version

-- escalations --
SELECT generation, step, due_at, taken_at, why,
    ARRAY(SELECT username FROM users WHERE id = ANY(told) ORDER BY username) AS told
FROM escalations
WHERE organisation_id = $1 AND alert_id = $2
ORDER BY taken_at, step

-- messages --
-- How, to whom and whether it left; not the address, which may be a private telephone's.
SELECT n.channel, u.username, n.state, n.attempts, n.last_error, n.created_at, n.sent_at
FROM notifications n LEFT JOIN users u ON u.id = n.user_id
WHERE n.organisation_id = $1 AND n.alert_id = $2
ORDER BY n.created_at, n.id

-- proof --
SELECT reading_id, measured_at, severity, value
FROM alert_readings
WHERE alert_id = $1
ORDER BY measured_at DESC
LIMIT 200

-- newest_event --
SELECT coalesce(max(id), 0) FROM alert_events

-- moved_since --
-- Standing alerts whose row was written then or later: a further reading moves its numbers without
-- being an event of its history.
SELECT id, organisation_id, updated_at,
    CASE WHEN patient_id IS NULL THEN subject_kind ELSE 'patient' END AS subject_kind,
    CASE WHEN patient_id IS NULL THEN subject ELSE patient_id::text END AS subject
FROM alerts
WHERE ended_at IS NULL AND updated_at > $1

-- events_since --
-- Numbers are drawn before commits: a lower one may appear after a higher, so the reader looks
-- back a little and knows what it has seen.
SELECT e.id, e.organisation_id, e.alert_id, e.version, e.at, e.event, e.to_state AS state,
    a.severity, a.lane, a.patient_id, a.subject_kind, a.subject
FROM alert_events e JOIN alerts a ON a.id = e.alert_id
WHERE e.id > $1
ORDER BY e.id
LIMIT 1000

-- zone --
SELECT time_zone FROM organisations WHERE id = $1
