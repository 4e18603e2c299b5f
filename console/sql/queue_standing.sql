All that waits, in brief: places, filters and counts. Every statement names the organisation ($1).

-- standing --
SELECT id, patient_id, subject_kind, subject, severity, state, lane, metric, late,
    acknowledged_by, acknowledge_by, onset_at, cleared_at IS NOT NULL AS cleared
FROM alerts
WHERE organisation_id = $1 AND ended_at IS NULL

-- lookers --
SELECT subject_kind, subject, user_id AS user
FROM alert_claims WHERE organisation_id = $1 AND expires_at > $2

-- team --
-- Patients whose team $2 belongs to.
SELECT DISTINCT patient_id FROM care_team
WHERE organisation_id = $1 AND user_id = $2 AND starts_at <= $3
    AND (ends_at IS NULL OR ends_at > $3)

-- in programme --
SELECT DISTINCT patient_id FROM episodes
WHERE organisation_id = $1 AND programme = $2 AND starts_at <= $3
    AND (ends_at IS NULL OR ends_at > $3)

-- programmes --
-- Those of the patients about whom something waits.
SELECT DISTINCT e.programme
FROM episodes e
WHERE e.organisation_id = $1 AND e.starts_at <= $2 AND (e.ends_at IS NULL OR e.ends_at > $2)
    AND EXISTS (
        SELECT FROM alerts a
        WHERE a.organisation_id = $1 AND a.ended_at IS NULL AND a.patient_id = e.patient_id
    )
ORDER BY 1

-- searched --
-- By what the rows are called: people by name and record number, things by label.
SELECT DISTINCT CASE WHEN a.patient_id IS NULL THEN a.subject_kind ELSE 'patient' END AS kind,
    coalesce(a.patient_id::text, a.subject) AS subject
FROM alerts a LEFT JOIN patients p ON p.id = a.patient_id AND p.organisation_id = $1
WHERE a.organisation_id = $1 AND a.ended_at IS NULL
    AND strpos(lower(CASE
        WHEN p.id IS NOT NULL THEN p.family_name || ', ' || p.given_name || ' ' || p.mrn
        ELSE CASE a.subject_kind WHEN 'gateway' THEN 'hub ' ELSE 'device ' END || coalesce(
            nullif(a.reason -> 'facts' ->> 'label', ''),
            a.reason -> 'facts' ->> a.subject_kind, a.subject)
    END), lower($2)) > 0
