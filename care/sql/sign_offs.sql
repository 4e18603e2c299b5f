-- lock --
SELECT id FROM organisations WHERE id = $1 FOR NO KEY UPDATE

-- add --
INSERT INTO programme_sign_offs
    (organisation_id, programme, version, digest, lead, note, recorded_by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- list --
SELECT DISTINCT ON (s.programme, s.version) s.programme, s.version, s.lead, s.note,
    coalesce(nullif(u.display_name, ''), u.username) AS username, s.at
FROM programme_sign_offs s
LEFT JOIN users u ON u.id = s.recorded_by
WHERE s.organisation_id = $1
ORDER BY s.programme, s.version, s.at DESC, s.id

-- in_use --
SELECT programme, programme_version, count(DISTINCT patient_id) AS patients
FROM plan_versions
WHERE organisation_id = $1 AND effective_to IS NULL AND withdrawn_at IS NULL
GROUP BY programme, programme_version
