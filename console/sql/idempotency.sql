What writes under an Idempotency-Key were answered, each kept in the transaction of its write.

-- hold --
SELECT pg_try_advisory_xact_lock(hashtextextended($1, 4846))

-- find --
SELECT request, status, body FROM idempotency_keys WHERE user_id = $1 AND key = $2

-- keep --
INSERT INTO idempotency_keys (user_id, key, request, status, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- forget --
DELETE FROM idempotency_keys
WHERE (user_id, key) IN (
    SELECT user_id, key
    FROM idempotency_keys
    WHERE created_at < $1
    ORDER BY created_at
    LIMIT 100
    FOR UPDATE SKIP LOCKED
)
