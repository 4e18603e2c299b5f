Weights that may be somebody else's. Owned by alerts.evaluating.whose.

-- sharers --
-- Of these patients, those at whose scales somebody else may have stood within a week of $2: who
-- has, or had, the same device, or another one of the same home.
SELECT DISTINCT w.patient_id
FROM unnest($1::uuid[], $2::timestamptz[]) AS w (patient_id, since)
JOIN device_assignments mine ON mine.patient_id = w.patient_id
JOIN devices d ON d.id = mine.device_id
CROSS JOIN LATERAL (
    SELECT d.id UNION ALL SELECT near.id FROM devices near WHERE near.gateway_id = d.gateway_id
) AS here
JOIN device_assignments theirs ON theirs.device_id = here.id
WHERE theirs.patient_id <> w.patient_id
    AND (theirs.ends_at IS NULL OR theirs.ends_at > w.since - $3::interval)

-- weights --
-- Since a week before $2: those that are the patient's, and those that were before they were
-- doubted here.
WITH wanted AS (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS w (patient_id, since)
), found AS (
    SELECT w.patient_id, w.since, r.*
    FROM wanted w
    CROSS JOIN LATERAL (
        SELECT id, organisation_id, measured_at, kind, device, weight, attribution
        FROM readings
        WHERE readings.patient_id = w.patient_id AND measured_at > w.since - $3::interval
            AND kind IN ('weight', 'body_composition') AND weight IS NOT NULL
    ) r
    UNION
    SELECT w.patient_id, w.since, r.id, r.organisation_id, r.measured_at, r.kind, r.device, r.weight,
        r.attribution
    FROM wanted w
    JOIN attribution_changes c ON c.from_patient = w.patient_id
        AND c.measured_at > w.since - $3::interval AND c.to_reason = 'far_from_usual'
    JOIN readings r ON r.measured_at = c.measured_at AND r.id = c.reading_id
    WHERE r.attribution = 'ambiguous' AND r.reason = 'far_from_usual'
)
SELECT patient_id, since, id, measured_at, kind, weight AS number,
    attribution = 'ambiguous' AS doubted, attribution = 'reassigned' AS settled,
    EXISTS (
        SELECT FROM devices d
        CROSS JOIN LATERAL (
            SELECT d.id
            UNION ALL
            SELECT near.id FROM devices near WHERE near.gateway_id = d.gateway_id
        ) AS here
        JOIN device_assignments theirs ON theirs.device_id = here.id
        WHERE d.organisation_id = found.organisation_id AND d.address = found.device
            AND theirs.patient_id <> found.patient_id
            AND theirs.starts_at <= found.measured_at
            AND (theirs.ends_at IS NULL OR theirs.ends_at > found.measured_at - $3::interval)
    ) AS shared
FROM found
ORDER BY patient_id, kind, measured_at, id

-- doubt --
-- Only what is still this patient's, by nobody's word: a nurse may be faster.
WITH moved AS (
    UPDATE readings r SET attribution = 'ambiguous', reason = 'far_from_usual', patient_id = NULL
    FROM unnest($1::timestamptz[], $2::uuid[], $3::uuid[]) AS w (measured_at, id, patient_id)
    WHERE r.measured_at = w.measured_at AND r.id = w.id AND r.patient_id = w.patient_id
        AND r.attribution = 'assigned'
    RETURNING r.organisation_id, r.id, r.measured_at, r.kind, w.patient_id, r.local_day
)
INSERT INTO attribution_changes (
    organisation_id, reading_id, measured_at, kind, from_attribution, from_patient, from_day,
    to_attribution, to_reason, to_day, why, at
)
SELECT organisation_id, id, measured_at, kind, 'assigned', patient_id, local_day, 'ambiguous',
    'far_from_usual', local_day, 'far from what is usual, and others use the device', $4
FROM moved

-- believe --
WITH moved AS (
    UPDATE readings r SET attribution = 'assigned', reason = NULL, patient_id = w.patient_id
    FROM unnest($1::timestamptz[], $2::uuid[], $3::uuid[]) AS w (measured_at, id, patient_id)
    WHERE r.measured_at = w.measured_at AND r.id = w.id
        AND r.attribution = 'ambiguous' AND r.reason = 'far_from_usual'
    RETURNING r.organisation_id, r.id, r.measured_at, r.kind, w.patient_id, r.local_day
)
INSERT INTO attribution_changes (
    organisation_id, reading_id, measured_at, kind, from_attribution, from_reason, from_day,
    to_attribution, to_patient, to_day, why, at
)
SELECT organisation_id, id, measured_at, kind, 'ambiguous', 'far_from_usual', local_day, 'assigned',
    patient_id, local_day, 'near what is usual, by all that is known now', $4
FROM moved

-- onsets --
-- Where the episodes began that went on at an instant from which readings may be missing.
SELECT w.patient_id, min(a.onset_at) AS since
FROM unnest($1::uuid[], $2::timestamptz[]) AS w (patient_id, at)
JOIN alerts a ON a.patient_id = w.patient_id
WHERE a.subject_kind = 'patient' AND a.kind IS NOT NULL AND a.state <> 'withdrawn'
    AND a.onset_at <= w.at AND (a.cleared_at IS NULL OR a.cleared_at >= w.at)
GROUP BY w.patient_id

-- gone --
-- Readings from then on that were a patient's and are no longer: the last that is known of each,
-- and the alerts that rested on it.
SELECT DISTINCT ON (w.patient_id, c.reading_id) w.patient_id, c.reading_id, c.measured_at,
    r.attribution, ARRAY(
        SELECT proof.alert_id FROM alert_readings proof
        WHERE proof.alert_id = ANY($3::uuid[]) AND proof.measured_at = c.measured_at
            AND proof.reading_id = c.reading_id
    ) AS alerts
FROM unnest($1::uuid[], $2::timestamptz[]) AS w (patient_id, since)
JOIN attribution_changes c ON c.from_patient = w.patient_id AND c.measured_at >= w.since
JOIN readings r ON r.measured_at = c.measured_at AND r.id = c.reading_id
WHERE r.patient_id IS DISTINCT FROM w.patient_id
ORDER BY w.patient_id, c.reading_id
