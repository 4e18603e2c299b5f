Which outbox numbers of each gateway are missing. That they came is written by store.commit_batch.

-- holes --
-- Enrolled gateways of which something is missing, was missing, or may be missing at the tail.
SELECT gateways.id AS gateway_id, gateways.organisation_id,
    ARRAY(
        SELECT ARRAY[lower(span), upper(span)] FROM unnest(progress.received) AS span
    ) AS received,
    progress.gap_since, progress.resend_asked_at, progress.resend_from,
    health.last_seq, health.queue_depth, health.state
FROM gateways
LEFT JOIN gateway_progress AS progress ON progress.gateway_id = gateways.id
LEFT JOIN LATERAL (
    SELECT last_seq, queue_depth, state
    FROM gateway_health
    WHERE gateway_health.gateway_id = gateways.id AND at > $1
    ORDER BY at DESC
    LIMIT 1
) AS health ON true
WHERE gateways.revoked_at IS NULL
    AND ($2::uuid IS NULL OR gateways.organisation_id = $2)
    AND (
        progress.gap_since IS NOT NULL
        OR progress.resend_from IS NOT NULL
        OR progress.received <> int8multirange(int8range(1, upper(progress.received)))
        OR health.last_seq >= coalesce(upper(progress.received), 1)
    )
ORDER BY gateways.id

-- mark --
-- What the leader found: since when something is missing, and what was asked for.
INSERT INTO gateway_progress AS known (
    gateway_id, received, gap_since, resend_from, resend_asked_at, updated_at
)
SELECT gateway_id, '{}'::int8multirange, gap_since, resend_from, resend_asked_at, $5
FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::timestamptz[])
    AS found (gateway_id, gap_since, resend_from, resend_asked_at)
ORDER BY gateway_id
ON CONFLICT (gateway_id) DO UPDATE SET
    gap_since = excluded.gap_since,
    resend_from = excluded.resend_from,
    resend_asked_at = excluded.resend_asked_at

-- asked --
-- Open questions, for the commands that gateways find when they come back.
SELECT gateway_id, resend_from, resend_asked_at
FROM gateway_progress
WHERE resend_from IS NOT NULL

-- measure_again --
-- Open requests of alerts to measure again, until when each; what is over by $1 is not asked for.
SELECT gateway_id, device, kind, max(until) AS until
FROM repeat_requests
WHERE ended_at IS NULL AND until > $1
GROUP BY gateway_id, device, kind
ORDER BY gateway_id, device, kind

-- crowded --
-- Gateways, enrolled or not, whose numbers lie in more than $1 ranges; what is kept if it is $2.
SELECT gateway_id, ranges, kept_from
FROM gateway_progress
CROSS JOIN LATERAL (
    SELECT count(*) AS ranges, (array_agg(lower(span) ORDER BY span DESC))[$2::int] AS kept_from
    FROM unnest(received) AS span
) AS counted
WHERE received <> range_merge(received)::int8multirange AND ranges > $1::int
ORDER BY gateway_id

-- fill_below --
-- A sum: what is being committed meanwhile is not lost, and twice is once.
UPDATE gateway_progress
SET received = received + int8multirange(int8range(least(lower(received), $3::bigint), $2::bigint))
WHERE gateway_id = $1
