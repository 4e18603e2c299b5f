-- newest --
SELECT id, language, version, body, created_by, created_at
FROM consent_texts
WHERE organisation_id = $1 AND language = $2
ORDER BY version DESC
LIMIT 1

-- one --
SELECT id, language, version, body, created_by, created_at
FROM consent_texts
WHERE organisation_id = $1 AND id = $2

-- lock --
SELECT id FROM organisations WHERE id = $1 FOR NO KEY UPDATE

-- add --
INSERT INTO consent_texts (organisation_id, language, version, body, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (organisation_id, language, version) DO NOTHING
