Calls, visits, messages and notes. Every statement names the organisation ($1).

-- add --
INSERT INTO care_notes
    (organisation_id, patient_id, at, kind, with_whom, direction, reached, text, author,
    recorded_at, corrects)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id

-- one --
SELECT n.id, n.at, n.kind, n.with_whom, n.direction, n.reached, n.text, n.author,
    coalesce(nullif(u.display_name, ''), u.username) AS author_name, n.recorded_at, n.corrects,
    later.id AS corrected_by
FROM care_notes n
JOIN users u ON u.id = n.author
LEFT JOIN care_notes later ON later.corrects = n.id
WHERE n.organisation_id = $1 AND n.patient_id = $2 AND n.id = $3
