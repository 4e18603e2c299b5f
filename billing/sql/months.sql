Months: kept up to date while they are open, frozen when they are locked.

-- lock --
-- One at a time works a month out.
SELECT pg_advisory_xact_lock(hashtextextended('billing month/' || $1::text || '/' || $2::text, 0))

-- lock if free --
SELECT pg_try_advisory_xact_lock(
    hashtextextended('billing month/' || $1::text || '/' || $2::text, 0)
)

-- working out --
-- For as long as the connection is held: one of all processes works it out from end to end.
SELECT pg_try_advisory_lock(
    hashtextextended('billing working out/' || $1::text || '/' || $2::text, 0)
)

-- closing --
-- One closes it; another one is told so.
SELECT pg_try_advisory_xact_lock(
    hashtextextended('billing close/' || $1::text || '/' || $2::text, 0)
)

-- ensure --
INSERT INTO billing_months (organisation_id, month) VALUES ($1, $2)
ON CONFLICT (organisation_id, month) DO NOTHING

-- find --
SELECT m.id, m.month, m.version, m.evaluated_at, m.locked_at, m.locked_by,
    coalesce(nullif(u.display_name, ''), u.username) AS locked_by_name
FROM billing_months m LEFT JOIN users u ON u.id = m.locked_by
WHERE m.organisation_id = $1 AND m.month = $2

-- evaluated --
UPDATE billing_months SET evaluated_at = $3 WHERE organisation_id = $1 AND id = $2

-- kept --
SELECT patient_id, fingerprint, facts_sha256
FROM billing_month_patients
WHERE organisation_id = $1 AND month_id = $2 AND version = 0

-- fingerprints --
-- Of all that a patient's month is worked out from. $2 to $3 the month, $4 since when readings may
-- matter, $5 until when; $6 is its name, $7 whose readings, $8 and $9 the month's first and last day;
-- $10 what of other months is billed.
WITH whose AS (
    SELECT p.id, p.family_name || chr(1) || p.given_name || chr(1) || p.id::text AS sorts_by,
        md5(concat_ws('|', p.mrn, p.birth_date, p.sex, p.time_zone, p.family_name, p.given_name))
            AS person
    FROM patients p
    WHERE p.organisation_id = $1 AND (
        EXISTS (
            SELECT FROM episodes e WHERE e.patient_id = p.id AND e.starts_at < $3
                AND (e.ends_at IS NULL OR e.ends_at >= $2)
        ) OR EXISTS (
            SELECT FROM service_enrolments s WHERE s.patient_id = p.id AND s.starts_on <= $9
                AND (s.ends_on IS NULL OR s.ends_on >= $8)
        ) OR EXISTS (
            SELECT FROM time_entries t WHERE t.patient_id = p.id AND t.started_at < $3
                AND t.ended_at > $2 AND t.started_at > $2::timestamptz - INTERVAL '8 days'
        )
    )
), measured AS (
    SELECT patient_id, concat_ws('/', count(*), max(received_at),
        sum(extract(epoch FROM measured_at))) AS said
    FROM readings
    WHERE organisation_id = $1 AND measured_at >= $4 AND measured_at < $5
        AND attribution = ANY($7::text[])
    GROUP BY patient_id
), worked AS (
    SELECT e.patient_id, concat_ws('/', count(*), max(e.recorded_at), sum(e.seconds),
        sum(hashtext(e.id::text)::bigint)) AS said
    FROM time_entries e
    WHERE e.organisation_id = $1 AND e.started_at < $3::timestamptz + INTERVAL '1 day'
        AND e.ended_at > $2::timestamptz - INTERVAL '1 day'
        AND e.started_at > $2::timestamptz - INTERVAL '9 days' AND NOT e.withdrawn
        AND NOT EXISTS (SELECT FROM time_entries c WHERE c.corrects = e.id)
    GROUP BY e.patient_id
), around AS (
    SELECT patient_id, string_agg(said, '' ORDER BY said) AS said
    FROM (
        SELECT patient_id, t::text AS said FROM episodes t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM service_enrolments t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM consents t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM orders t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM coverages t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM billing_addresses t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM attestations t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM other_services t WHERE organisation_id = $1
        UNION ALL SELECT patient_id, t::text FROM device_assignments t WHERE organisation_id = $1
        UNION ALL
        SELECT a.patient_id, concat_ws('/', u.device_id, max(u.id))
        FROM device_udis u JOIN device_assignments a ON a.device_id = u.device_id
        WHERE u.organisation_id = $1 GROUP BY a.patient_id, u.device_id
        UNION ALL
        SELECT c.patient_id, t::text FROM prior_authorisations t
        JOIN coverages c ON c.id = t.coverage_id WHERE t.organisation_id = $1
        UNION ALL
        SELECT l.patient_id, concat_ws('/', l.id, l.window_from, l.window_to)
        FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
        WHERE l.organisation_id = $1 AND m.month <> $6
            AND l.status = ANY($10::text[])
        UNION ALL
        -- What began the first period, or what setup rests on, may be older than what is counted
        -- above: that it is another's is said by people, and written down.
        SELECT whose.id, concat_ws('/', max(c.id), count(*))
        FROM attribution_changes c
        CROSS JOIN LATERAL (VALUES (c.from_patient), (c.to_patient)) AS whose (id)
        WHERE c.organisation_id = $1 AND c.measured_at < $4 AND whose.id IS NOT NULL
        GROUP BY whose.id
    ) rows
    GROUP BY patient_id
)
SELECT w.id AS patient_id, w.sorts_by,
    md5(concat_ws('|', w.person, m.said, k.said, a.said)) AS said
FROM whose w
LEFT JOIN measured m ON m.patient_id = w.id
LEFT JOIN worked k ON k.patient_id = w.id
LEFT JOIN around a ON a.patient_id = w.id
ORDER BY w.sorts_by

-- keep --
INSERT INTO billing_month_patients (
    month_id, patient_id, version, organisation_id, sorts_by, body, sha256, fingerprint,
    facts_sha256, evaluated_at
)
VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (month_id, patient_id, version) DO UPDATE SET sorts_by = $4, body = $5, sha256 = $6,
    fingerprint = $7, facts_sha256 = $8, evaluated_at = $9

-- forget --
DELETE FROM billing_month_patients
WHERE organisation_id = $1 AND month_id = $2 AND version = 0 AND patient_id = ANY($3::uuid[])

-- freeze --
-- All that is worked out now: the first lock.
INSERT INTO billing_month_patients (
    month_id, patient_id, version, organisation_id, sorts_by, body, sha256, fingerprint,
    facts_sha256, evaluated_at
)
SELECT month_id, patient_id, $3, organisation_id, sorts_by, body, sha256, fingerprint, facts_sha256,
    evaluated_at
FROM billing_month_patients
WHERE organisation_id = $1 AND month_id = $2 AND version = 0

-- freeze one --
-- What an adjustment has made of one patient, beside what was frozen before.
INSERT INTO billing_month_patients (
    organisation_id, month_id, patient_id, version, sorts_by, body, sha256, fingerprint,
    facts_sha256, evaluated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- anybody --
SELECT EXISTS (SELECT FROM billing_month_patients WHERE organisation_id = $1 AND month_id = $2)

-- hashes --
-- Of what holds in a version: of each patient the latest that is not later.
SELECT DISTINCT ON (patient_id) patient_id, sha256
FROM billing_month_patients
WHERE organisation_id = $1 AND month_id = $2 AND version <= $3 AND (version > 0 OR $3 = 0)
ORDER BY patient_id, version DESC

-- bodies --
-- A page of them by name, after $4; of an open month ($3 = 0) as they are, else as frozen.
SELECT * FROM (
    SELECT DISTINCT ON (patient_id) patient_id, version, sorts_by, body, sha256
    FROM billing_month_patients
    WHERE organisation_id = $1 AND month_id = $2 AND version <= $3 AND (version > 0 OR $3 = 0)
        AND ($4::text IS NULL OR sorts_by > $4)
        AND ($6::uuid IS NULL OR patient_id = $6)
    ORDER BY patient_id, version DESC
) latest
ORDER BY sorts_by
LIMIT $5

-- shown --
-- As `bodies`, without what only documents need.
SELECT patient_id, version, sorts_by, body || '{"days": [], "time": [], "devices": []}'::jsonb AS body
FROM (
    SELECT DISTINCT ON (patient_id) patient_id, version, sorts_by, body
    FROM billing_month_patients
    WHERE organisation_id = $1 AND month_id = $2 AND version <= $3 AND (version > 0 OR $3 = 0)
        AND ($4::text IS NULL OR sorts_by > $4)
        AND ($6::uuid IS NULL OR patient_id = $6)
    ORDER BY patient_id, version DESC
) latest
ORDER BY sorts_by
LIMIT $5

-- seal --
INSERT INTO billing_seals (
    month_id, organisation_id, version, head, patients, sha256, why, locked_by, locked_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- locked --
UPDATE billing_months SET version = $3, locked_at = coalesce(locked_at, $4),
    locked_by = coalesce(locked_by, $5)
WHERE organisation_id = $1 AND id = $2

-- seals --
SELECT s.version, s.head, s.patients, s.sha256, s.why, s.locked_at, m.month, m.id AS month_id
FROM billing_seals s JOIN billing_months m ON m.id = s.month_id
WHERE s.organisation_id = $1 AND ($2::text IS NULL OR m.month = $2)
ORDER BY m.month, s.version

-- seals of versions --
SELECT s.version, s.head, s.sha256
FROM billing_seals s
WHERE s.organisation_id = $1 AND s.month_id = $2 AND s.version = ANY($3::int[])

-- sealed --
-- As `seals`, with what the month and its lines are said to be by now; of lines how many stand where
-- no event has brought them.
SELECT s.version, s.head, s.patients, s.sha256, m.month, m.id AS month_id,
    m.version AS month_version, (
        SELECT count(*)::int FROM billing_lines l
        WHERE l.organisation_id = $1 AND l.month_id = m.id AND l.status IS DISTINCT FROM (
            SELECT e.status FROM billing_line_events e WHERE e.line_id = l.id
            ORDER BY e.id DESC LIMIT 1
        )
    ) AS untold
FROM billing_seals s JOIN billing_months m ON m.id = s.month_id
WHERE s.organisation_id = $1 AND ($2::text IS NULL OR m.month = $2)
ORDER BY m.month, s.version

-- rule_sets --
SELECT DISTINCT line->>'rule_set' AS name
FROM billing_month_patients p, jsonb_array_elements(p.body->'lines') AS line
WHERE p.organisation_id = $1 AND p.month_id = $2 AND p.version = 0
ORDER BY 1

-- locked_months --
-- By name, of those that are asked for.
SELECT month FROM billing_months
WHERE organisation_id = $1 AND month = ANY($2::text[]) AND version > 0
ORDER BY month

-- months --
-- Those that have something to say: whoever asks for another one sees that it is empty.
SELECT m.id, m.month, m.version, m.evaluated_at, m.locked_at,
    coalesce(nullif(u.display_name, ''), u.username) AS locked_by,
    (SELECT count(*)::int FROM billing_month_patients p WHERE p.month_id = m.id AND p.version = 0)
        AS patients,
    (
        SELECT count(*)::int FROM billing_adjustments a
        LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
        WHERE a.month_id = m.id AND d.adjustment_id IS NULL
    ) AS open_adjustments
FROM billing_months m LEFT JOIN users u ON u.id = m.locked_by
WHERE m.organisation_id = $1 AND (
    m.version > 0 OR EXISTS (SELECT FROM billing_month_patients p WHERE p.month_id = m.id)
)
ORDER BY m.month DESC

-- unseen --
-- Locked months that nobody has looked at for a while.
SELECT organisation_id, month FROM billing_months
WHERE version > 0 AND evaluated_at < $1 AND locked_at > $2
ORDER BY evaluated_at
