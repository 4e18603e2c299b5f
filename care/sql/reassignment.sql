Readings given to another patient, or to nobody. Owned by care.reassignment and care.candidates.

-- reading --
-- Whoever moves the same reading meanwhile waits.
SELECT r.id, r.measured_at, r.kind, r.device, r.attribution, r.reason, r.patient_id, r.local_day,
    r.utc_offset_s
FROM reading_keys k
JOIN readings r ON r.measured_at = k.measured_at AND r.id = k.id
WHERE k.id = $2 AND r.organisation_id = $1
FOR UPDATE OF r

-- known --
SELECT EXISTS (
    SELECT FROM reading_keys k
    JOIN readings r ON r.measured_at = k.measured_at AND r.id = k.id
    WHERE k.id = $2 AND r.organisation_id = $1
)

-- shown --
SELECT r.id, r.kind, r.measured_at, r.device, p.mrn, r.attribution, r.reason
FROM reading_keys k
JOIN readings r ON r.measured_at = k.measured_at AND r.id = k.id
LEFT JOIN patients p ON p.id = r.patient_id AND p.organisation_id = r.organisation_id
WHERE k.id = $2 AND r.organisation_id = $1

-- zone --
SELECT time_zone FROM patients WHERE organisation_id = $1 AND id = $2

-- move --
-- Who had the device when it measured (device_id, assignment_id) stays as it was told then.
UPDATE readings SET attribution = $3, reason = $4, patient_id = $5, local_day = $6
WHERE measured_at = $1 AND id = $2

-- note --
INSERT INTO attribution_changes (
    organisation_id, reading_id, measured_at, kind, from_attribution, from_reason, from_patient,
    from_day, to_attribution, to_reason, to_patient, to_day, actor, why, at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- enqueue --
-- No reading: whatever is known of each of them from then on is judged anew.
INSERT INTO evaluation_queue (organisation_id, measured_at, patient_id, kind, attribution)
SELECT $1, $2, patient_id, $3, 'reassigned' FROM unnest($4::uuid[]) AS w (patient_id)

-- changes --
SELECT c.at, c.actor, u.username, c.why, c.from_attribution, c.from_reason, c.from_patient, c.from_day,
    c.to_attribution, c.to_reason, c.to_patient, c.to_day
FROM attribution_changes c LEFT JOIN users u ON u.id = c.actor
WHERE c.organisation_id = $1 AND c.reading_id = $2
ORDER BY c.id

-- candidates --
-- Who may have measured each of these: who has, or had within $3, its device or another one of the
-- same home; and who it was first taken to be. With their numbers of the $3 before it.
WITH held AS (
    SELECT r.id, r.measured_at, r.kind, r.device, r.gateway_id, r.user_slot,
        CASE r.kind
            WHEN 'blood_pressure' THEN 'systolic' WHEN 'weight' THEN 'weight'
            WHEN 'body_composition' THEN 'weight' WHEN 'glucose' THEN 'glucose'
            WHEN 'oximetry' THEN 'spo2' WHEN 'temperature' THEN 'temperature'
            WHEN 'heart_rate' THEN 'heart_rate'
        END AS metric,
        to_jsonb(r) AS said
    FROM unnest($2::uuid[]) AS w (id)
    JOIN reading_keys k ON k.id = w.id
    JOIN readings r ON r.measured_at = k.measured_at AND r.id = k.id
    WHERE r.organisation_id = $1
), possible AS (
    SELECT held.id, a.patient_id, bool_or(a.device_id = d.id) AS has_device,
        min(a.user_slot) FILTER (WHERE a.device_id = d.id) AS user_slot
    FROM held
    LEFT JOIN devices d ON d.organisation_id = $1 AND d.address = held.device
    JOIN devices near ON near.organisation_id = $1
        AND (near.id = d.id OR near.gateway_id = coalesce(d.gateway_id, held.gateway_id))
    JOIN device_assignments a ON a.device_id = near.id
        AND a.starts_at <= held.measured_at
        AND (a.ends_at IS NULL OR a.ends_at > held.measured_at - $3::interval)
    GROUP BY held.id, a.patient_id
)
SELECT held.id AS reading_id, p.id AS patient_id, p.mrn, p.given_name, p.family_name,
    coalesce(possible.has_device, false) AS has_device, possible.user_slot,
    EXISTS (
        SELECT FROM attribution_changes c
        WHERE c.reading_id = held.id AND c.from_patient = p.id
    ) AS was_theirs,
    held.metric, (held.said ->> held.metric)::float8 AS number,
    ARRAY(
        SELECT (to_jsonb(r) ->> held.metric)::float8
        FROM readings r
        WHERE r.patient_id = p.id AND r.kind = held.kind
            AND r.measured_at < held.measured_at AND r.measured_at > held.measured_at - $3::interval
            AND to_jsonb(r) ->> held.metric IS NOT NULL
        ORDER BY r.measured_at DESC
        LIMIT 60
    ) AS before
FROM held
JOIN possible ON possible.id = held.id
JOIN patients p ON p.id = possible.patient_id
