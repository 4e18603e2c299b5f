-- add --
INSERT INTO patients
    (organisation_id, mrn, given_name, family_name, birth_date, time_zone, language, sex, phone,
    allergies, weight_unit, glucose_unit, temperature_unit)
SELECT $1, $2, $3, $4, $5, coalesce($6, time_zone), $7, $8, $9, $10,
    coalesce($11, weight_unit), coalesce($12, glucose_unit),
    coalesce($13, temperature_unit)
FROM organisations
WHERE id = $1
ON CONFLICT (organisation_id, mrn) DO NOTHING
RETURNING id, organisation_id, mrn, given_name, family_name, birth_date, time_zone, language,
    created_at, sex, phone, allergies, weight_unit, glucose_unit, temperature_unit

-- list --
SELECT id, organisation_id, mrn, given_name, family_name, birth_date, time_zone, language,
    created_at, sex, phone, allergies, weight_unit, glucose_unit, temperature_unit
FROM patients
WHERE organisation_id = $1
ORDER BY family_name, given_name, id

-- update --
UPDATE patients SET
    mrn = $3,
    given_name = $4,
    family_name = $5,
    birth_date = $6,
    time_zone = $7,
    language = $8,
    sex = $9,
    phone = $10,
    allergies = $11,
    weight_unit = $12,
    glucose_unit = $13,
    temperature_unit = $14
WHERE organisation_id = $1 AND id = $2

-- find --
SELECT id, organisation_id, mrn, given_name, family_name, birth_date, time_zone, language,
    created_at, sex, phone, allergies, weight_unit, glucose_unit, temperature_unit
FROM patients
WHERE organisation_id = $1 AND (id::text = $2 OR mrn = $2)
ORDER BY id::text = $2 DESC
LIMIT 1

-- alike --
SELECT id, organisation_id, mrn, given_name, family_name, birth_date, time_zone, language,
    created_at, sex, phone, allergies, weight_unit, glucose_unit, temperature_unit
FROM patients
WHERE organisation_id = $1
    AND (
        mrn = $2
        OR (
            lower(given_name) = lower($3)
            AND lower(family_name) = lower($4)
            AND ($5::date IS NULL OR birth_date IS NULL OR birth_date = $5)
        )
    )
ORDER BY mrn = $2 DESC, family_name, given_name, id
LIMIT 5
