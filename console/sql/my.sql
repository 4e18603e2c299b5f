The patient's pages. Every statement names the organisation ($1) and the one patient ($2).

-- patient --
SELECT id, given_name, family_name, time_zone, language, weight_unit, glucose_unit,
    temperature_unit
FROM patients
WHERE organisation_id = $1 AND id = $2

-- latest --
-- The newest of each kind since $3.
SELECT DISTINCT ON (kind) *
FROM readings
WHERE organisation_id = $1 AND patient_id = $2 AND measured_at >= $3 AND measured_at <= $4
ORDER BY kind, measured_at DESC, id DESC

-- taken --
SELECT kind, measured_at
FROM readings
WHERE organisation_id = $1 AND patient_id = $2 AND measured_at >= $3 AND measured_at <= $4
ORDER BY measured_at

-- of_kind --
SELECT *
FROM readings
WHERE organisation_id = $1 AND patient_id = $2 AND kind = $3 AND measured_at >= $4
    AND measured_at < $5
ORDER BY measured_at DESC, id DESC
LIMIT $6

-- kinds --
-- What there is at all, and since when.
SELECT kind, min(measured_at) AS first_at, max(measured_at) AS last_at
FROM readings
WHERE organisation_id = $1 AND patient_id = $2 AND measured_at >= $3
GROUP BY kind

-- on_list --
-- Alerts that rest on these readings. What is technical is no concern of the patient's. Who took
-- one on before the reading came has not seen the reading.
SELECT r.reading_id, a.rule, a.lane, a.state, a.outcome, a.severity, a.metric,
    a.bound::text AS bound, a.ended_at, a.ended_by,
    CASE WHEN a.acknowledged_at >= came.received_at THEN a.acknowledged_at END AS acknowledged_at
FROM alerts a
JOIN alert_readings r ON r.alert_id = a.id
JOIN readings came ON came.organisation_id = a.organisation_id AND came.id = r.reading_id
    AND came.measured_at = r.measured_at
WHERE a.organisation_id = $1 AND a.patient_id = $2 AND a.subject_kind = 'patient'
    AND r.reading_id = ANY($3::uuid[]) AND a.state <> 'withdrawn'
    AND a.lane IN ('medical', 'needs_check', 'review')

-- in_doubt --
-- From a device that this patient has, and nobody's yet. The value is not asked for: it may be
-- somebody else's.
SELECT r.kind, r.measured_at, r.received_at, r.reason
FROM readings r
JOIN device_assignments d ON d.device_id = r.device_id AND d.organisation_id = r.organisation_id
    AND d.starts_at <= r.measured_at AND (d.ends_at IS NULL OR r.measured_at < d.ends_at)
WHERE r.organisation_id = $1 AND d.patient_id = $2 AND r.patient_id IS NULL
    AND r.attribution IN ('ambiguous', 'quarantined') AND r.received_at >= $3
    AND (d.user_slot IS NULL OR r.user_slot IS NULL OR d.user_slot = r.user_slot)
ORDER BY r.measured_at DESC
LIMIT 5

-- waits --
-- Whether readings that have arrived are still to be looked at by the rules.
SELECT EXISTS (
    SELECT FROM evaluation_queue WHERE organisation_id = $1 AND patient_id = $2
)

-- team --
SELECT DISTINCT ON (u.id) u.display_name, u.username, u.credential, t.role
FROM care_team t
JOIN users u ON u.id = t.user_id
WHERE t.organisation_id = $1 AND t.patient_id = $2 AND t.starts_at <= $3
    AND (t.ends_at IS NULL OR t.ends_at > $3) AND u.disabled_at IS NULL
ORDER BY u.id, t.starts_at

-- pulse --
-- Two numbers that change when there is something new to see.
SELECT
    (SELECT max(received_at) FROM readings
        WHERE organisation_id = $1 AND patient_id = $2 AND measured_at >= $3) AS arrived,
    (SELECT max(updated_at) FROM alerts
        WHERE organisation_id = $1 AND patient_id = $2 AND onset_at >= $3) AS changed

-- set_language --
UPDATE users SET preferences = preferences || jsonb_build_object('language', $3::text)
WHERE organisation_id = $1 AND id = $2

-- looks --
-- By others than the one who asks now, the newest first.
SELECT at, actor, actor_name, actor_role, route
FROM audit
WHERE organisation_id = $1 AND patients @> ARRAY[$2::uuid] AND outcome = 'done'
    AND actor IS DISTINCT FROM $3
ORDER BY position DESC
LIMIT $4
