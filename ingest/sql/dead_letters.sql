What could not be read, kept with its error. Owned by ingest.dead_letters.

-- keep --
-- The same bytes again are the same letter: counted, not copied.
INSERT INTO dead_letters AS kept (
    organisation_id, gateway_id, topic, payload, pointer, error, digest,
    first_received_at, last_received_at, times
)
SELECT organisation_id, gateway_id, topic, payload, pointer, error, digest, $9, $9, times
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::bytea[], $8::int[]
) AS letter (organisation_id, gateway_id, topic, payload, pointer, error, digest, times)
ORDER BY topic, digest, pointer
ON CONFLICT (topic, digest, pointer) DO UPDATE SET
    last_received_at = greatest(kept.last_received_at, excluded.last_received_at),
    times = kept.times + excluded.times,
    error = excluded.error

-- list --
-- Newest first, before a place in the list; without the payload, which may be large and personal.
SELECT id, organisation_id, gateway_id, topic, pointer, error, octet_length(payload) AS bytes,
    first_received_at, last_received_at, times, replayed_at, outcome
FROM dead_letters
WHERE coalesce(organisation_id, $5::uuid) = ANY($1::uuid[])
    AND ($2::bigint IS NULL OR id < $2)
    AND ($3 OR replayed_at IS NULL)
ORDER BY id DESC
LIMIT $4

-- one --
SELECT id, organisation_id, gateway_id, topic, payload, pointer, error,
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
