What is due by the clock for alerts. Claimed with SKIP LOCKED: any replica may do it, once.

-- claim --
SELECT id, organisation_id, what, subject, key, due_at, attempts
FROM due_times
WHERE due_at <= $1 AND what IN ('escalate', 'reopen', 'wake', 'auto_close')
    AND id <> ALL($2::bigint[])
ORDER BY due_at, id
LIMIT 1
FOR UPDATE SKIP LOCKED

-- put_off --
-- It failed: tried again later.
UPDATE due_times SET attempts = $2, due_at = $3 WHERE id = $1

-- done --
DELETE FROM due_times WHERE id = $1

-- take_step --
INSERT INTO escalations (alert_id, generation, step, organisation_id, due_at, taken_at, told, why)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (alert_id, generation, step) DO NOTHING
RETURNING step

-- people --
-- Everybody of the clinic who may be told, with what they are to this patient now.
SELECT u.id, u.username, u.role,
    (
        SELECT t.role FROM care_team t
        WHERE t.user_id = u.id AND t.patient_id = $2 AND t.starts_at <= $3
            AND (t.ends_at IS NULL OR t.ends_at > $3)
        ORDER BY t.starts_at
        LIMIT 1
    ) AS team_role,
    EXISTS (
        SELECT FROM on_call c
        WHERE c.user_id = u.id AND c.organisation_id = $1 AND c.starts_at <= $3 AND c.ends_at > $3
    ) AS on_call
FROM users u
WHERE u.organisation_id = $1 AND u.disabled_at IS NULL AND u.role IN ('nurse', 'clinician', 'admin')
ORDER BY u.username

-- contacts --
SELECT c.user_id, c.channel, c.address, c.min_severity, c.quiet_from, c.quiet_to, o.time_zone
FROM contacts c
JOIN organisations o ON o.id = c.organisation_id
WHERE c.user_id = ANY($1::uuid[]) AND c.stopped_at IS NULL
ORDER BY c.user_id, c.channel, c.address

-- told_lately --
-- Who has just been told of another alert of this patient that is as grave and still stands.
SELECT DISTINCT n.user_id
FROM notifications n
JOIN alerts a ON a.id = n.alert_id
WHERE n.patient_id = $1 AND n.alert_id <> $2 AND n.created_at > $3 AND n.state <> 'cancelled'
    AND n.state <> 'failed' AND a.severity = ANY($4::text[]) AND a.ended_at IS NULL

-- notify --
INSERT INTO notifications (
    organisation_id, alert_id, user_id, patient_id, channel, address, subject, body, key,
    next_at, expires_at, created_at
)
SELECT $1, $2, w.user_id, $3, w.channel, w.address, $4, $5, w.key, w.next_at, $7, $6
FROM unnest($8::uuid[], $9::text[], $10::text[], $11::text[], $12::timestamptz[])
    AS w (user_id, channel, address, key, next_at)
ON CONFLICT (key) DO NOTHING
