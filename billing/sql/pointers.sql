Lines of several months, as what auditors look at is reckoned from them.

-- claimed --
-- Lines that stand, of months from $2 to $3, with who renders them and the visit before them.
SELECT l.id AS line, l.patient_id AS patient, p.family_name || ', ' || p.given_name AS name, m.month,
    l.service, l.scope, l.code, l.window_from AS first, l.window_to AS last,
    l.stretch_id AS episode,
    coalesce(r.npi, nullif(concat_ws(' ', r.given_name, r.family_name), ''), '') AS practitioner,
    coalesce(s.established_on <= l.window_from, false) AS established
FROM billing_lines l
JOIN billing_months m ON m.id = l.month_id
JOIN patients p ON p.id = l.patient_id
LEFT JOIN service_enrolments s ON s.id = l.stretch_id
LEFT JOIN practitioners r ON r.id = s.practitioner_id
WHERE l.organisation_id = $1 AND m.month BETWEEN $2 AND $3
    AND l.present AND l.status NOT IN ('void', 'corrected')
ORDER BY m.month, p.family_name, p.given_name, l.window_from, l.id

-- totals --
-- Care time of remote monitoring by patient and month of the practice, as it is written down.
SELECT e.patient_id AS patient, to_char(e.started_at AT TIME ZONE o.time_zone, 'YYYY-MM') AS month,
    sum(e.seconds)::int AS seconds, array_agg(e.id ORDER BY e.started_at, e.id) AS entries
FROM time_entries e JOIN organisations o ON o.id = e.organisation_id
WHERE e.organisation_id = $1 AND e.started_at >= $2 AND e.started_at < $3 AND e.service = 'rpm'
    AND e.activity <> 'setup' AND NOT e.withdrawn
    AND NOT EXISTS (SELECT FROM time_entries c WHERE c.corrects = e.id)
GROUP BY 1, 2
ORDER BY 2, 1
