How people and patients are reached.

-- list --
-- $2, $3: only this person's, only this patient's; $4: only those that are in use.
SELECT c.id, c.user_id, u.username, c.patient_id, p.mrn, c.channel, c.address, c.min_severity,
    c.quiet_from, c.quiet_to, c.receipts, c.created_at, c.stopped_at, c.stopped_why
FROM contacts c
LEFT JOIN users u ON u.id = c.user_id
LEFT JOIN patients p ON p.id = c.patient_id
WHERE c.organisation_id = $1 AND ($2::uuid IS NULL OR c.user_id = $2)
    AND ($3::uuid IS NULL OR c.patient_id = $3) AND ($4::boolean OR c.stopped_at IS NULL)
ORDER BY u.username, p.mrn, c.channel, c.address, c.id

-- find --
SELECT c.id, c.user_id, u.username, c.patient_id, p.mrn, c.channel, c.address, c.min_severity,
    c.quiet_from, c.quiet_to, c.receipts, c.created_at, c.stopped_at, c.stopped_why
FROM contacts c
LEFT JOIN users u ON u.id = c.user_id
LEFT JOIN patients p ON p.id = c.patient_id
WHERE c.organisation_id = $1 AND c.id = $2

-- same --
SELECT id, stopped_at, stopped_why
FROM contacts
WHERE organisation_id = $1 AND user_id IS NOT DISTINCT FROM $2
    AND patient_id IS NOT DISTINCT FROM $3 AND channel = $4 AND address = $5
FOR UPDATE

-- add --
INSERT INTO contacts (
    organisation_id, user_id, patient_id, channel, address, secret, min_severity, quiet_from,
    quiet_to, receipts, created_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT DO NOTHING
RETURNING id

-- take_up --
-- One that was ended is used again, with everything said anew.
UPDATE contacts
SET secret = $2, min_severity = $3, quiet_from = $4, quiet_to = $5, receipts = $6,
    created_at = $7, stopped_at = NULL, stopped_why = NULL
WHERE id = $1

-- end --
UPDATE contacts SET stopped_at = $2, stopped_why = $3 WHERE id = $1 AND stopped_at IS NULL

-- account --
SELECT role, disabled_at FROM users WHERE organisation_id = $1 AND id = $2

-- hush --
-- What was still to go to an address of this person.
UPDATE notifications SET state = 'cancelled', ended_at = $5, last_error = 'the contact was ended'
WHERE state = 'queued' AND channel = $1 AND address = $2
    AND (user_id = $3 OR patient_id = $4 AND user_id IS NULL)

-- test --
INSERT INTO notifications (
    organisation_id, user_id, patient_id, channel, address, subject, body, key, what,
    next_at, expires_at, created_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'test', $9, $10, $9)
ON CONFLICT (key) DO NOTHING

-- by_key --
SELECT id FROM notifications WHERE organisation_id = $1 AND key = $2

-- said_stop --
-- All of a number's, whoever's: the telephone is one.
UPDATE contacts SET stopped_at = $2, stopped_why = $3
WHERE channel = 'sms' AND address = $1 AND stopped_at IS NULL

-- hush_number --
UPDATE notifications SET state = 'cancelled', ended_at = $2, last_error = 'the number said STOP'
WHERE state = 'queued' AND channel = 'sms' AND address = $1

-- said_start --
-- What a person of the clinic has ended is not theirs to take back.
UPDATE contacts SET stopped_at = NULL, stopped_why = NULL
WHERE channel = 'sms' AND address = $1 AND stopped_why LIKE 'said %'

-- whose_number --
-- The language to answer in: a patient's; of several, the one that was added last.
SELECT p.language
FROM contacts c
LEFT JOIN patients p ON p.id = c.patient_id
WHERE c.channel = 'sms' AND c.address = $1
ORDER BY p.id IS NULL, c.created_at DESC
LIMIT 1

-- unreachable --
-- Clinics that watch somebody, and of whose people nobody can be told anything.
SELECT o.name
FROM organisations o
WHERE EXISTS (
        SELECT FROM plan_versions p
        WHERE p.organisation_id = o.id AND p.effective_from <= $1
            AND (p.effective_to IS NULL OR p.effective_to > $1)
    )
    AND NOT EXISTS (
        SELECT FROM contacts c JOIN users u ON u.id = c.user_id
        WHERE c.organisation_id = o.id AND c.stopped_at IS NULL AND u.disabled_at IS NULL
    )
ORDER BY o.name
