The outbox of messages.

-- claim --
-- A row that is `sending` for longer than its lease has lost its process.
UPDATE notifications n
SET state = 'sending', attempts = attempts + 1, next_at = $1 + $3
FROM (
    SELECT id FROM notifications
    WHERE state IN ('queued', 'sending') AND next_at <= $1
    ORDER BY next_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
) AS due
WHERE n.id = due.id
RETURNING n.id, n.channel, n.address, n.subject, n.body, n.attempts, n.created_at, n.expires_at,
    n.what,
    (
        SELECT c.secret FROM contacts c
        WHERE c.channel = n.channel AND c.address = n.address
            AND (c.user_id = n.user_id OR c.patient_id = n.patient_id)
        LIMIT 1
    ) AS secret

-- looked_at_again --
-- What may have changed since it was written. `came`: whatever a reminder asks for has been measured.
SELECT n.patient_id,
    c.id IS NOT NULL AND c.stopped_at IS NOT NULL OR u.disabled_at IS NOT NULL AS ended,
    c.quiet_from, c.quiet_to, p.time_zone,
    n.patient_id IS NULL OR n.user_id IS NOT NULL OR EXISTS (
        SELECT FROM consents s
        WHERE s.patient_id = n.patient_id AND s.kind = 'messages' AND s.given_at <= $2
            AND (s.withdrawn_at IS NULL OR s.withdrawn_at > $2)
    ) AS agreed,
    n.what = 'reminder' AND NOT EXISTS (
        SELECT FROM jsonb_array_elements_text(n.facts -> 'kinds') AS k (kind)
        WHERE NOT EXISTS (
            SELECT FROM readings r
            WHERE r.patient_id = n.patient_id AND r.kind = k.kind
                AND r.measured_at >= (n.facts ->> 'since')::timestamptz
                AND r.measured_at <= $2::timestamptz + INTERVAL '1 hour'
        )
    ) AS came
FROM notifications n
LEFT JOIN patients p ON p.id = n.patient_id
LEFT JOIN users u ON u.id = n.user_id
LEFT JOIN contacts c ON c.channel = n.channel AND c.address = n.address
    AND (c.user_id = n.user_id OR n.user_id IS NULL AND c.patient_id = n.patient_id)
WHERE n.id = $1

-- tried --
-- Not if somebody cancelled it meanwhile, unless it has left; and a report of its delivery may have
-- been quicker than we.
UPDATE notifications
SET state = $2, next_at = $3, last_error = $4, provider_id = $5,
    sent_at = CASE WHEN $2 = 'sent' THEN $6 ELSE sent_at END,
    ended_at = CASE WHEN $2 IN ('sent', 'failed', 'cancelled') THEN $6 ELSE NULL END
WHERE id = $1 AND (state = 'sending' OR $2 = 'sent' AND state NOT IN ('delivered', 'failed'))

-- reported --
-- What became of it at the other side; whoever reports late changes nothing.
UPDATE notifications
SET state = $2, last_error = coalesce($3, last_error), ended_at = $4
WHERE id = $1 AND channel = 'sms' AND state IN ('sending', 'sent')
RETURNING id

-- list --
-- The latest first. Nothing of what they said, and of where they went only what is masked.
SELECT n.id, n.what, n.channel, n.address, u.username, p.mrn, n.alert_id, n.state, n.attempts,
    n.last_error, n.created_at, n.next_at, n.sent_at, n.ended_at
FROM notifications n
LEFT JOIN users u ON u.id = n.user_id
LEFT JOIN patients p ON p.id = n.patient_id AND n.user_id IS NULL
WHERE n.organisation_id = $1 AND ($2::text[] IS NULL OR n.state = ANY($2))
    AND ($3::text[] IS NULL OR n.what = ANY($3))
    AND ($4::timestamptz IS NULL OR (n.created_at, n.id) < ($4, $5::uuid))
ORDER BY n.created_at DESC, n.id DESC
LIMIT $6

-- one --
SELECT n.id, n.what, n.channel, n.address, u.username, p.mrn, n.alert_id, n.state, n.attempts,
    n.last_error, n.created_at, n.next_at, n.sent_at, n.ended_at
FROM notifications n
LEFT JOIN users u ON u.id = n.user_id
LEFT JOIN patients p ON p.id = n.patient_id AND n.user_id IS NULL
WHERE n.organisation_id = $1 AND n.id = $2

-- to_contact --
SELECT n.id, n.what, n.channel, n.address, u.username, p.mrn, n.alert_id, n.state, n.attempts,
    n.last_error, n.created_at, n.next_at, n.sent_at, n.ended_at
FROM notifications n
LEFT JOIN users u ON u.id = n.user_id
LEFT JOIN patients p ON p.id = n.patient_id AND n.user_id IS NULL
WHERE n.organisation_id = $1 AND n.channel = $2 AND n.address = $3
    AND (n.user_id = $4 OR n.user_id IS NULL AND n.patient_id = $5)
    AND n.created_at > $6
ORDER BY n.created_at DESC, n.id DESC
LIMIT 20
