Readings as the API shows them. Every statement names the organisations ($1).

-- page --
-- A patient's, the latest first; $5 and $6 are the place of the last one seen.
SELECT *
FROM readings
WHERE organisation_id = $1
    AND patient_id = $2
    AND ($3::text IS NULL OR kind = $3)
    AND measured_at >= coalesce($4, '-infinity'::timestamptz)
    AND measured_at < coalesce($5, 'infinity'::timestamptz)
    AND ($6::timestamptz IS NULL OR (measured_at, id) < ($6, $7::uuid))
ORDER BY measured_at DESC, id DESC
LIMIT $8

-- one --
-- The key says when, so that one partition is looked at.
SELECT readings.*
FROM reading_keys
JOIN readings USING (id, measured_at)
WHERE reading_keys.id = $2 AND organisation_id = ANY($1::uuid[])
