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
    (
        SELECT c.secret FROM contacts c
        WHERE c.channel = n.channel AND c.address = n.address
            AND (c.user_id = n.user_id OR c.patient_id = n.patient_id)
        LIMIT 1
    ) AS secret

-- tried --
-- Not if somebody cancelled it meanwhile, unless it has left.
UPDATE notifications
SET state = $2, next_at = $3, last_error = $4, provider_id = $5,
    sent_at = CASE WHEN $2 = 'sent' THEN $6 ELSE sent_at END,
    ended_at = CASE WHEN $2 IN ('sent', 'failed') THEN $6 ELSE NULL END
WHERE id = $1 AND (state = 'sending' OR $2 = 'sent')
