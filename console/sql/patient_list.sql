The list of patients. Every statement names the organisation ($1).

-- page --
-- $2 now, $3 words that must all be found, $4 only those with an alert at least so grave (1 to 4, 0:
-- any), $5 programme, $6 without a reading since then, $7.. the place of the page before.
WITH chosen AS (
    SELECT p.id, p.mrn, p.given_name, p.family_name, p.birth_date, p.time_zone
    FROM patients p
    WHERE p.organisation_id = $1
        AND NOT EXISTS (
            SELECT FROM unnest($3::text[]) AS word
            WHERE strpos(
                regexp_replace(
                    normalize(lower(p.family_name || ' ' || p.given_name || ' ' || p.mrn), NFD),
                    '[\u0300-\u036f]', '', 'g'
                ),
                word
            ) = 0
        )
        AND ($4::int IS NULL OR EXISTS (
            SELECT FROM alerts a
            WHERE a.organisation_id = $1 AND a.patient_id = p.id AND a.ended_at IS NULL
                AND array_position(ARRAY['low', 'medium', 'high', 'critical'], a.severity) >= $4
        ))
        AND ($5::text IS NULL OR EXISTS (
            SELECT FROM episodes e
            WHERE e.organisation_id = $1 AND e.patient_id = p.id AND e.programme = $5
                AND e.starts_at <= $2 AND (e.ends_at IS NULL OR e.ends_at > $2)
        ))
        AND ($6::timestamptz IS NULL OR NOT EXISTS (
            SELECT FROM readings r
            WHERE r.patient_id = p.id AND r.measured_at >= $6 AND r.measured_at <= $2
        ))
        AND ($7::text IS NULL OR (p.family_name, p.given_name, p.id) > ($7, $8::text, $9::uuid))
    ORDER BY p.family_name, p.given_name, p.id
    LIMIT $10
)
SELECT c.*, standing.alerts, standing.worst, last.measured_at AS last_at, month.days,
    ARRAY(
        SELECT coalesce(
            (SELECT g.title FROM programmes g WHERE g.id = e.programme
                ORDER BY g.version DESC LIMIT 1),
            e.programme
        )
        FROM episodes e
        WHERE e.organisation_id = $1 AND e.patient_id = c.id
            AND e.starts_at <= $2 AND (e.ends_at IS NULL OR e.ends_at > $2)
        ORDER BY e.starts_at
    ) AS programmes
FROM chosen c
CROSS JOIN LATERAL (
    SELECT count(*) AS alerts,
        max(array_position(ARRAY['low', 'medium', 'high', 'critical'], a.severity)) AS worst
    FROM alerts a
    WHERE a.organisation_id = $1 AND a.patient_id = c.id AND a.ended_at IS NULL
) AS standing
LEFT JOIN LATERAL (
    SELECT r.measured_at
    FROM readings r
    WHERE r.patient_id = c.id AND r.measured_at > $2 - INTERVAL '400 days'
        AND r.measured_at <= $2
    ORDER BY r.measured_at DESC
    LIMIT 1
) AS last ON true
CROSS JOIN LATERAL (
    SELECT count(DISTINCT r.local_day) AS days
    FROM readings r
    WHERE r.patient_id = c.id AND r.measured_at > $2 - INTERVAL '33 days'
        AND r.local_day >= date_trunc('month', $2 AT TIME ZONE c.time_zone)::date
        AND r.local_day <= ($2 AT TIME ZONE c.time_zone)::date
) AS month
ORDER BY c.family_name, c.given_name, c.id

-- programmes --
-- Those that somebody is in now, for the filter.
SELECT e.programme,
    coalesce(
        (SELECT g.title FROM programmes g WHERE g.id = e.programme ORDER BY g.version DESC LIMIT 1),
        e.programme
    ) AS title
FROM (
    SELECT DISTINCT programme
    FROM episodes
    WHERE organisation_id = $1 AND starts_at <= $2 AND (ends_at IS NULL OR ends_at > $2)
) AS e
ORDER BY title
