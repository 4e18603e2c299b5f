-- add --
INSERT INTO organisations (name, time_zone) VALUES ($1, $2)
ON CONFLICT (name) DO NOTHING
RETURNING id, name, time_zone, created_at

-- list --
SELECT id, name, time_zone, created_at
FROM organisations
WHERE id <> '00000000-0000-0000-0000-000000000000'
ORDER BY name
