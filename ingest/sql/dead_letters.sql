What could not be read, kept with its error. Owned by ingest.dead_letters and ingest.letter_upkeep.

-- owners --
SELECT id, organisation_id FROM gateways WHERE id = ANY($1::text[])

-- lock_senders --
-- In one order, whoever does it: two workers never wait for each other.
INSERT INTO dead_letter_senders AS known (sender, organisation_id)
SELECT sender, organisation_id
FROM unnest($1::text[], $2::uuid[]) AS given (sender, organisation_id)
ORDER BY sender
ON CONFLICT (sender) DO UPDATE SET organisation_id = excluded.organisation_id
RETURNING sender, letters, bytes, truncated

-- count_known --
-- The same bytes again are the same letter: counted, not copied.
UPDATE dead_letters AS kept
SET last_received_at = greatest(kept.last_received_at, $6),
    -- No flood, however long, makes this fail.
    times = least(kept.times::bigint + given.times, 2147483647),
    error = given.error
FROM unnest($1::text[], $2::bytea[], $3::text[], $4::text[], $5::int[])
    AS given (topic, digest, pointer, error, times)
WHERE (kept.topic, kept.digest, kept.pointer) = (given.topic, given.digest, given.pointer)
RETURNING kept.topic, kept.digest, kept.pointer

-- keep --
INSERT INTO dead_letters AS kept (
    organisation_id, gateway_id, topic, payload, pointer, error, digest, size_bytes,
    first_received_at, last_received_at, times
)
SELECT organisation_id, gateway_id, topic, payload, pointer, error, digest, size_bytes, $10, $10,
    times
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bytea[],
    $8::int[], $9::int[]
) AS letter (
    organisation_id, gateway_id, topic, payload, pointer, error, digest, size_bytes, times
)
ORDER BY topic, digest, pointer
ON CONFLICT (topic, digest, pointer) DO UPDATE SET
    last_received_at = greatest(kept.last_received_at, excluded.last_received_at),
    times = least(kept.times::bigint + excluded.times, 2147483647),
    error = excluded.error

-- use --
UPDATE dead_letter_senders AS used
SET letters = used.letters + added.letters,
    bytes = used.bytes + added.bytes,
    truncated = used.truncated + added.truncated,
    only_counted = used.only_counted + added.only_counted,
    only_counted_at = CASE WHEN added.only_counted > 0 THEN $6 ELSE used.only_counted_at END
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
    AS added (sender, letters, bytes, truncated, only_counted)
WHERE used.sender = added.sender

-- list --
-- Newest first, before a place in the list; without the payload, which may be large and personal.
SELECT id, organisation_id, gateway_id, topic, pointer, error,
    coalesce(size_bytes, octet_length(payload)) AS bytes,
    coalesce(size_bytes > octet_length(payload), false) AS truncated,
    first_received_at, last_received_at, times, replayed_at, outcome
FROM dead_letters
WHERE coalesce(organisation_id, $5::uuid) = ANY($1::uuid[])
    AND ($2::bigint IS NULL OR id < $2)
    AND ($3 OR replayed_at IS NULL)
ORDER BY id DESC
LIMIT $4

-- one --
SELECT id, organisation_id, gateway_id, topic, payload, pointer, error,
    coalesce(size_bytes, octet_length(payload)) AS bytes,
    coalesce(size_bytes > octet_length(payload), false) AS truncated,
    first_received_at, last_received_at, times, replayed_at, outcome
FROM dead_letters
WHERE id = $1 AND coalesce(organisation_id, $3::uuid) = ANY($2::uuid[])

-- replayed --
UPDATE dead_letters SET replayed_at = $2, outcome = $3 WHERE id = $1

-- waiting --
SELECT id
FROM dead_letters
WHERE replayed_at IS NULL AND coalesce(organisation_id, $2::uuid) = ANY($1::uuid[])
ORDER BY id

-- dismiss --
-- Nobody needs to look at these any more: by their numbers, or all of a sender.
UPDATE dead_letters
SET replayed_at = $4, outcome = 'dismissed'
WHERE replayed_at IS NULL
    AND coalesce(organisation_id, $3::uuid) = ANY($2::uuid[])
    AND (id = ANY($1::bigint[])
        OR coalesce(CASE WHEN organisation_id IS NOT NULL THEN gateway_id END, '') = $5)
RETURNING id

-- forget_counted --
UPDATE dead_letter_senders SET only_counted = 0, only_counted_at = NULL
WHERE sender = $1 AND coalesce(organisation_id, $3::uuid) = ANY($2::uuid[])

-- senders --
-- Of whom more came than is kept whole.
SELECT nullif(sender, '') AS gateway, letters, bytes, truncated, only_counted, only_counted_at
FROM dead_letter_senders
WHERE coalesce(organisation_id, $2::uuid) = ANY($1::uuid[])
    AND (truncated > 0 OR only_counted > 0)
ORDER BY sender

-- totals --
SELECT coalesce(sum(letters), 0)::bigint AS letters, coalesce(sum(bytes), 0)::bigint AS bytes,
    coalesce(sum(truncated), 0)::bigint AS truncated,
    coalesce(sum(only_counted), 0)::bigint AS only_counted
FROM dead_letter_senders

-- forget_handled --
-- Those that are readings by now, or that somebody has dismissed, after a while.
DELETE FROM dead_letters WHERE replayed_at < $1

-- hold_senders --
-- Nobody adds a letter while they are counted anew.
LOCK TABLE dead_letter_senders IN SHARE ROW EXCLUSIVE MODE

-- recount --
WITH waits AS (
    SELECT coalesce(CASE WHEN organisation_id IS NOT NULL THEN gateway_id END, '') AS sender,
        min(organisation_id::text)::uuid AS organisation_id, count(*) AS letters,
        sum(octet_length(payload)) AS bytes,
        count(*) FILTER (WHERE size_bytes > octet_length(payload)) AS truncated
    FROM dead_letters
    WHERE replayed_at IS NULL
    GROUP BY 1
), emptied AS (
    UPDATE dead_letter_senders SET letters = 0, bytes = 0, truncated = 0
    WHERE letters > 0 AND sender NOT IN (SELECT sender FROM waits)
)
INSERT INTO dead_letter_senders AS known (sender, organisation_id, letters, bytes, truncated)
SELECT sender, organisation_id, letters, bytes, truncated FROM waits
ON CONFLICT (sender) DO UPDATE SET
    letters = excluded.letters, bytes = excluded.bytes, truncated = excluded.truncated
WHERE (known.letters, known.bytes, known.truncated)
    IS DISTINCT FROM (excluded.letters, excluded.bytes, excluded.truncated)
