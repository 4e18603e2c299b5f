-- add --
INSERT INTO patients
    (organisation_id, mrn, given_name, family_name, birth_date, time_zone, language)
SELECT $1, $2, $3, $4, $5, coalesce($6, time_zone), $7
FROM organisations
WHERE id = $1
ON CONFLICT (organisation_id, mrn) DO NOTHING
RETURNING *

-- list --
SELECT * FROM patients WHERE organisation_id = $1 ORDER BY family_name, given_name, id

-- update --
UPDATE patients SET
    given_name = coalesce($2, given_name),
    family_name = coalesce($3, family_name),
    time_zone = coalesce($4, time_zone),
    language = coalesce($5, language)
WHERE id = $1

-- find --
SELECT * FROM patients
WHERE organisation_id = $1 AND (id::text = $2 OR mrn = $2)
ORDER BY id::text = $2 DESC
LIMIT 1
