Patients as the API lists them. Every statement names the organisation ($1).

-- page --
SELECT id, mrn, given_name, family_name, birth_date, time_zone, language,
    sex, phone, allergies, weight_unit, glucose_unit, temperature_unit
FROM patients
WHERE organisation_id = $1
    AND ($2::uuid IS NULL OR id = $2)
    AND ($3::text IS NULL OR (family_name, given_name, id) > ($3, $4::text, $5::uuid))
ORDER BY family_name, given_name, id
LIMIT $6

-- one --
SELECT id, mrn, given_name, family_name, birth_date, time_zone, language,
    sex, phone, allergies, weight_unit, glucose_unit, temperature_unit
FROM patients
WHERE organisation_id = $1 AND id = $2
