Quarantined readings looked at again. Owned by ingest.recheck.

-- doubtful --
-- Held back for reasons that the register may have answered since, oldest first.
SELECT *
FROM readings
WHERE attribution IN ('ambiguous', 'quarantined')
    AND organisation_id = ANY($1::uuid[])
    AND reason = ANY($2::text[])
    AND (received_at, id) > ($3::timestamptz, $4::uuid)
ORDER BY received_at, id
LIMIT $5
FOR UPDATE SKIP LOCKED

-- settle --
-- What the device said stays as it is: only whose it is changes.
UPDATE readings SET
    organisation_id = $5,
    device_id = $6,
    assignment_id = $7,
    patient_id = $8,
    local_day = $9,
    attribution = $10,
    reason = $11
WHERE measured_at = $1 AND device = $2 AND kind = $3 AND variant = $4

-- note --
-- What it was until now, for good.
INSERT INTO attribution_changes (
    organisation_id, reading_id, measured_at, kind, from_attribution, from_reason, from_day,
    to_attribution, to_reason, to_patient, to_day, why, at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'looked at again by the register of then', $12)

-- enqueue --
INSERT INTO evaluation_queue
    (organisation_id, reading_id, measured_at, patient_id, kind, attribution, enqueued_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
