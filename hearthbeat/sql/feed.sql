What `watch` and `up` show of readings as they arrive. Neutral ids only: no patient is named here.

-- arrived --
-- Readings that arrived after $1 and were measured after $2, oldest arrival first. The second bound
-- keeps the scan to the newest partitions and their index; what is older shows in `totals` only.
SELECT id, received_at, measured_at, gateway_id, device, kind, attribution, reason, flags, special,
       to_jsonb(readings) AS columns
FROM readings
WHERE measured_at > $2 AND received_at > $1
ORDER BY received_at, gateway_id, seq
LIMIT $3

-- latest --
-- The last $2 to arrive of those measured after $1, the oldest arrival first.
SELECT *
FROM (
    SELECT id, received_at, measured_at, gateway_id, device, kind, attribution, reason, flags,
           special, seq, to_jsonb(readings) AS columns
    FROM readings
    WHERE measured_at > $1
    ORDER BY received_at DESC, gateway_id DESC, seq DESC
    LIMIT $2
) AS latest
ORDER BY received_at, gateway_id, seq

-- totals --
-- How much waits to be evaluated, how many gateways are there, and what they still hold.
SELECT
    (SELECT count(*) FROM evaluation_queue) AS to_evaluate,
    (SELECT count(*) FROM gateways WHERE revoked_at IS NULL) AS gateways,
    (SELECT coalesce(sum(queue_depth), 0)
     FROM (SELECT DISTINCT ON (gateway_id) queue_depth
           FROM gateway_health
           WHERE at > $1
           ORDER BY gateway_id, at DESC) AS latest) AS on_gateways,
    (SELECT count(*) FROM dead_letters WHERE replayed_at IS NULL) AS dead_letters
