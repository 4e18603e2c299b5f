The time log. Rows are added, never changed; a correction names the row in whose place it stands.

-- staff --
SELECT coalesce(nullif(display_name, ''), username) AS staff_name, credential, role
FROM users
WHERE organisation_id = $1 AND id = $2

-- episode --
-- The patient's episode at an instant; of several the one that began last.
SELECT id AS episode_id, programme
FROM episodes
WHERE organisation_id = $1 AND patient_id = $2 AND starts_at <= $3
    AND (ends_at IS NULL OR $3 < ends_at)
ORDER BY starts_at DESC, id
LIMIT 1

-- add --
INSERT INTO time_entries (
    organisation_id, patient_id, user_id, staff_name, credential, role, service, programme,
    episode_id, activity, mode, with_whom, note, started_at, ended_at, spans, seconds, source,
    alert_id, alert_version, timer_id, recorded_at, recorded_by, corrects, reason, withdrawn
)
VALUES (
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
    $22, $23, $24, $25, $26
)
ON CONFLICT DO NOTHING
RETURNING id

-- one --
SELECT e.*, c.id AS corrected_by, p.given_name, p.family_name, p.mrn,
    coalesce(nullif(r.display_name, ''), r.username) AS recorder_name
FROM time_entries e
JOIN patients p ON p.id = e.patient_id
JOIN users r ON r.id = e.recorded_by
LEFT JOIN time_entries c ON c.corrects = e.id
WHERE e.organisation_id = $1 AND e.id = $2

-- page --
-- The latest first. $2 a patient, $3 whose work, from $4 to before $5; $6: also rows that others
-- stand in place of; $7 and $8 are the place of the last one seen.
SELECT e.*, c.id AS corrected_by, p.given_name, p.family_name, p.mrn,
    coalesce(nullif(r.display_name, ''), r.username) AS recorder_name
FROM time_entries e
JOIN patients p ON p.id = e.patient_id
JOIN users r ON r.id = e.recorded_by
LEFT JOIN time_entries c ON c.corrects = e.id
WHERE e.organisation_id = $1
    AND ($2::uuid IS NULL OR e.patient_id = $2)
    AND ($3::uuid IS NULL OR e.user_id = $3)
    AND ($4::timestamptz IS NULL OR e.started_at >= $4)
    AND ($5::timestamptz IS NULL OR e.started_at < $5)
    AND ($6 OR (c.id IS NULL AND NOT e.withdrawn))
    AND ($7::timestamptz IS NULL OR (e.started_at, e.id) < ($7, $8::uuid))
ORDER BY e.started_at DESC, e.id DESC
LIMIT $9

-- resolution --
-- Which resolution of an alert a person's request was: under its key, else their latest.
SELECT e.version, a.patient_id
FROM alert_events e JOIN alerts a ON a.id = e.alert_id
WHERE a.organisation_id = $1 AND e.alert_id = $2 AND e.event = 'resolved' AND e.actor = $3
    AND ($4::text IS NULL OR e.idempotency_key = $4)
ORDER BY e.version DESC
LIMIT 1

-- of_resolution --
SELECT id FROM time_entries
WHERE organisation_id = $1 AND alert_id = $2 AND alert_version = $3 AND corrects IS NULL

-- staff_of_log --
-- Everybody whose work is in the log, for the filter.
SELECT DISTINCT ON (user_id) user_id, staff_name
FROM time_entries
WHERE organisation_id = $1
ORDER BY user_id, recorded_at DESC

-- beside --
-- Entries that count, of these people ($3) or patients ($4) and not among those known ($2), whose
-- outer edges meet another's of the same person or patient. From $5 to before $6; those with
-- pauses may have begun days before.
WITH around AS (
    SELECT e.id, e.user_id, e.patient_id, e.started_at, e.ended_at
    FROM time_entries e
    WHERE e.organisation_id = $1 AND e.ended_at > $5 AND e.started_at < $6
        AND e.started_at > $5::timestamptz - INTERVAL '8 days'
        AND (e.user_id = ANY($3::uuid[]) OR e.patient_id = ANY($4::uuid[]))
        AND NOT e.withdrawn
        AND NOT EXISTS (SELECT FROM time_entries c WHERE c.corrects = e.id)
), marked AS (
    SELECT id,
        max(ended_at) OVER before_person > started_at AS meets_before,
        lead(started_at) OVER person < ended_at AS meets_after,
        max(ended_at) OVER before_patient > started_at AS patient_before,
        lead(started_at) OVER patient < ended_at AS patient_after
    FROM around
    WINDOW person AS (PARTITION BY user_id ORDER BY started_at, id),
        patient AS (PARTITION BY patient_id ORDER BY started_at, id),
        before_person AS (person ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        before_patient AS (patient ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT e.*, p.given_name, p.family_name, p.mrn
FROM marked m
JOIN time_entries e USING (id)
JOIN patients p ON p.id = e.patient_id
WHERE (m.meets_before OR m.meets_after OR m.patient_before OR m.patient_after)
    AND m.id <> ALL($2::uuid[])

-- history --
-- What stood in the place of this entry before and after, the oldest first.
WITH RECURSIVE before AS (
    SELECT * FROM time_entries WHERE organisation_id = $1 AND id = $2
    UNION ALL
    SELECT o.* FROM before b JOIN time_entries o ON o.id = b.corrects
), after AS (
    SELECT * FROM time_entries WHERE organisation_id = $1 AND corrects = $2
    UNION ALL
    SELECT n.* FROM after a JOIN time_entries n ON n.corrects = a.id
), line AS (SELECT * FROM before UNION SELECT * FROM after)
SELECT l.*, c.id AS corrected_by, p.given_name, p.family_name, p.mrn,
    coalesce(nullif(r.display_name, ''), r.username) AS recorder_name
FROM line l
JOIN patients p ON p.id = l.patient_id
JOIN users r ON r.id = l.recorded_by
LEFT JOIN time_entries c ON c.corrects = l.id
ORDER BY l.recorded_at, l.id
