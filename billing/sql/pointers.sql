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
