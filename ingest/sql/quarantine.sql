Readings that do not count. Owned by ingest.quarantine.

-- held --
-- $6: true for those that somebody has seen, or said to be nobody's; false for those that wait.
SELECT r.id, r.gateway_id, r.device, r.kind, r.measured_at, r.received_at, r.attribution, r.reason,
    r.conflict_with, m.at AS seen_at, coalesce(nullif(u.display_name, ''), u.username) AS seen_by,
    m.note AS seen_note
FROM readings r
LEFT JOIN LATERAL (
    SELECT k.seen, k.reason, k.note, k.by, k.at
    FROM doubt_marks k
    WHERE k.organisation_id = ANY($1::uuid[]) AND k.reading_id = r.id
    ORDER BY k.id DESC
    LIMIT 1
) AS m ON m.seen AND m.reason = r.reason
LEFT JOIN users u ON u.organisation_id = ANY($1::uuid[]) AND u.id = m.by
WHERE r.attribution IN ('ambiguous', 'quarantined')
    AND r.organisation_id = ANY($1::uuid[])
    AND ($2::timestamptz IS NULL OR (r.received_at, r.id) < ($2::timestamptz, $3::uuid))
    AND ($4::text IS NULL OR r.reason = $4)
    AND ($6::boolean IS NULL OR (m.seen IS NOT NULL OR r.reason = 'nobodys') = $6)
ORDER BY r.received_at DESC, r.id DESC
LIMIT $5

-- waiting --
-- How many nobody has seen.
SELECT count(*)
FROM readings r
LEFT JOIN LATERAL (
    SELECT k.seen, k.reason
    FROM doubt_marks k
    WHERE k.organisation_id = ANY($1::uuid[]) AND k.reading_id = r.id
    ORDER BY k.id DESC
    LIMIT 1
) AS m ON m.seen AND m.reason = r.reason
WHERE r.attribution IN ('ambiguous', 'quarantined')
    AND r.organisation_id = ANY($1::uuid[])
    AND m.seen IS NULL AND r.reason <> 'nobodys'

-- one --
-- Whoever marks the same reading meanwhile waits.
SELECT r.measured_at, r.attribution, r.reason
FROM reading_keys k
JOIN readings r ON r.measured_at = k.measured_at AND r.id = k.id
WHERE k.id = $2 AND r.organisation_id = ANY($1::uuid[])
FOR UPDATE OF r

-- is_seen --
SELECT coalesce((
    SELECT seen AND reason = $3
    FROM doubt_marks
    WHERE organisation_id = $1 AND reading_id = $2
    ORDER BY id DESC
    LIMIT 1
), false)

-- mark --
INSERT INTO doubt_marks (organisation_id, reading_id, measured_at, reason, seen, note, by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- is_alone --
-- As the function says, which row level security does not keep from counting.
SELECT stands_alone()
