The queue as a page. Every statement names the organisation ($1).

-- standing --
-- $2 patients and $3 other subjects, as kind:subject; NULL: all.
SELECT a.*, coalesce(nullif(k.display_name, ''), k.username) AS acknowledged_name,
    d.due_at AS reopen_at,
    CASE WHEN a.state = 'snoozed' THEN (
        SELECT coalesce(nullif(w.display_name, ''), w.username)
        FROM alert_events e JOIN users w ON w.id = e.actor
        WHERE e.alert_id = a.id AND e.event = 'snoozed' ORDER BY e.version DESC LIMIT 1
    ) END AS put_off_name
FROM alerts a
LEFT JOIN users k ON k.id = a.acknowledged_by
LEFT JOIN due_times d ON d.what = 'reopen' AND d.subject = a.id AND d.key = ''
WHERE a.organisation_id = $1 AND a.ended_at IS NULL
    AND ($2::uuid[] IS NULL OR a.patient_id = ANY($2)
        OR (a.patient_id IS NULL AND a.subject_kind || ':' || a.subject = ANY($3::text[])))

-- claims --
SELECT c.subject_kind, c.subject, c.user_id AS user,
    coalesce(nullif(u.display_name, ''), u.username) AS name
FROM alert_claims c JOIN users u ON u.id = c.user_id
WHERE c.organisation_id = $1 AND c.expires_at > $2

-- patients --
SELECT p.id, p.mrn, p.given_name, p.family_name, p.birth_date, p.time_zone, p.weight_unit,
    p.glucose_unit, p.temperature_unit,
    ARRAY(
        SELECT e.programme FROM episodes e
        WHERE e.patient_id = p.id AND e.starts_at <= $3 AND (e.ends_at IS NULL OR e.ends_at > $3)
        ORDER BY e.programme
    ) AS programmes
FROM patients p
WHERE p.organisation_id = $1 AND p.id = ANY($2::uuid[])

-- recent --
-- $2 patients, $3 kinds, $4 metrics, each the same length; $5 since. The latest first.
-- What a cuff measured with it comes along.
SELECT w.patient_id, w.kind, w.metric, r.measured_at, r.value, r.systolic, r.diastolic, r.pulse
FROM unnest($2::uuid[], $3::text[], $4::text[]) AS w(patient_id, kind, metric)
CROSS JOIN LATERAL (
    SELECT s.measured_at, CASE w.metric
            WHEN 'systolic' THEN s.systolic WHEN 'diastolic' THEN s.diastolic
            WHEN 'pulse_pressure' THEN s.systolic - s.diastolic
            WHEN 'pulse' THEN s.pulse WHEN 'heart_rate' THEN s.heart_rate
            WHEN 'weight' THEN s.weight WHEN 'glucose' THEN s.glucose WHEN 'spo2' THEN s.spo2
            WHEN 'temperature' THEN s.temperature WHEN 'bmi' THEN s.bmi
            WHEN 'body_fat' THEN s.body_fat WHEN 'mean' THEN s.mean
        END AS value, s.systolic, s.diastolic, s.pulse
    FROM readings s
    WHERE s.organisation_id = $1 AND s.patient_id = w.patient_id AND s.kind = w.kind
        AND s.measured_at > $5
    ORDER BY s.measured_at DESC
    LIMIT 12
) AS r
WHERE r.value IS NOT NULL
ORDER BY w.patient_id, w.metric, r.measured_at DESC

-- pressures --
-- $2 patients and $3 when, each the same length.
SELECT w.patient_id, r.measured_at, r.systolic, r.diastolic, r.pulse
FROM unnest($2::uuid[], $3::timestamptz[]) AS w(patient_id, at)
CROSS JOIN LATERAL (
    SELECT s.measured_at, s.systolic, s.diastolic, s.pulse
    FROM readings s
    WHERE s.organisation_id = $1 AND s.patient_id = w.patient_id AND s.kind = 'blood_pressure'
        AND s.measured_at = w.at
    LIMIT 1
) AS r

-- alert --
SELECT a.*, coalesce(nullif(k.display_name, ''), k.username) AS acknowledged_name,
    NULL::text AS put_off_name, NULL::timestamptz AS reopen_at
FROM alerts a LEFT JOIN users k ON k.id = a.acknowledged_by
WHERE a.organisation_id = $1 AND a.id = $2

-- events --
SELECT e.alert_id, e.version, e.at, e.event, e.to_state, e.reason, e.facts,
    coalesce(nullif(u.display_name, ''), u.username) AS name
FROM alert_events e LEFT JOIN users u ON u.id = e.actor
WHERE e.organisation_id = $1 AND e.alert_id = ANY($2::uuid[])
ORDER BY e.alert_id, e.version DESC

-- proof --
SELECT r.alert_id, r.measured_at, r.severity, r.value, m.systolic, m.diastolic, m.pulse
FROM alert_readings r
JOIN alerts a ON a.id = r.alert_id
LEFT JOIN readings m ON m.organisation_id = $1 AND m.patient_id = a.patient_id
    AND m.measured_at = r.measured_at AND m.id = r.reading_id AND m.kind = 'blood_pressure'
WHERE a.organisation_id = $1 AND r.alert_id = ANY($2::uuid[])
ORDER BY r.alert_id, r.measured_at DESC

-- standing row --
SELECT EXISTS (
    SELECT FROM alerts
    WHERE organisation_id = $1 AND ended_at IS NULL
        AND CASE WHEN patient_id IS NULL THEN subject_kind = $2 AND subject = $3
            ELSE $2 = 'patient' AND patient_id::text = $3 END
)

-- look --
-- Never in place of a colleague's lease, and never shorter than one's own.
INSERT INTO alert_claims (organisation_id, subject_kind, subject, user_id, claimed_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organisation_id, subject_kind, subject) DO UPDATE SET
    user_id = excluded.user_id, claimed_at = excluded.claimed_at,
    expires_at = greatest(
        excluded.expires_at,
        CASE WHEN alert_claims.user_id = excluded.user_id THEN alert_claims.expires_at END
    )
WHERE alert_claims.user_id = excluded.user_id OR alert_claims.expires_at <= $5

-- look away --
-- What was claimed by a button lasts longer than $5, and stays.
DELETE FROM alert_claims
WHERE organisation_id = $1 AND subject_kind = $2 AND subject = $3 AND user_id = $4
    AND expires_at <= $5

-- looks --
SELECT c.user_id AS user, coalesce(nullif(u.display_name, ''), u.username) AS name
FROM alert_claims c JOIN users u ON u.id = c.user_id
WHERE c.organisation_id = $1 AND c.subject_kind = $2 AND c.subject = $3 AND c.expires_at > $4

-- tell --
-- Whoever has the queue open is told within the second: console.live.
SELECT pg_notify('hearthbeat_alerts', 'claims')

-- looking everywhere --
-- Of all clinics, for the one listener of a process; by the row of the queue that is meant.
SELECT DISTINCT c.organisation_id, c.user_id AS user,
    coalesce(nullif(u.display_name, ''), u.username) AS name,
    CASE WHEN a.patient_id IS NULL THEN c.subject_kind ELSE 'patient' END AS subject_kind,
    coalesce(a.patient_id::text, c.subject) AS subject
FROM alert_claims c
JOIN users u ON u.id = c.user_id
LEFT JOIN alerts a ON a.organisation_id = c.organisation_id AND a.subject_kind = c.subject_kind
    AND a.subject = c.subject AND a.ended_at IS NULL
WHERE c.expires_at > now()
ORDER BY 1, 4, 5
