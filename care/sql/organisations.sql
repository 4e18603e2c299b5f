-- add --
INSERT INTO organisations (name, time_zone) VALUES ($1, $2)
ON CONFLICT (name) DO NOTHING
RETURNING id, name, time_zone, created_at, phone, emergency_number, weight_unit, glucose_unit,
    temperature_unit, second_factor_required

-- list --
SELECT id, name, time_zone, created_at, phone, emergency_number, weight_unit, glucose_unit,
    temperature_unit, second_factor_required
FROM organisations
WHERE id <> '00000000-0000-0000-0000-000000000000'
ORDER BY name

-- one --
SELECT id, name, time_zone, created_at, phone, emergency_number, weight_unit, glucose_unit,
    temperature_unit, second_factor_required
FROM organisations
WHERE id = $1

-- update --
UPDATE organisations SET
    name = $2,
    time_zone = $3,
    phone = $4,
    emergency_number = $5,
    weight_unit = $6,
    glucose_unit = $7,
    temperature_unit = $8,
    second_factor_required = $9
WHERE id = $1

-- only_one --
SELECT stands_alone()
