Readings that do not count. Owned by ingest.quarantine.

-- held --
SELECT id, gateway_id, device, kind, measured_at, received_at, attribution, reason, conflict_with
FROM readings
WHERE attribution IN ('ambiguous', 'quarantined')
    AND organisation_id = ANY($1::uuid[])
    AND ($2::timestamptz IS NULL OR (received_at, id) < ($2::timestamptz, $3::uuid))
    AND ($4::text IS NULL OR reason = $4)
ORDER BY received_at DESC, id DESC
LIMIT $5

-- is_alone --
-- As the function says, which row level security does not keep from counting.
SELECT stands_alone()
