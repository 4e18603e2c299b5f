What the pages of time say of people.

-- names --
SELECT id, given_name, family_name, mrn
FROM patients
WHERE organisation_id = $1 AND id = ANY($2::uuid[])

-- patients --
SELECT id, given_name, family_name, mrn
FROM patients
WHERE organisation_id = $1
ORDER BY family_name, given_name, id
LIMIT 2000
