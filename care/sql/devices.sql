-- add --
INSERT INTO devices (organisation_id, address, profile, label, serial, passkey, gateway_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (organisation_id, address) DO NOTHING
RETURNING id, organisation_id, address, profile, label, serial, passkey, gateway_id, created_at,
    retired_at

-- has_gateway --
SELECT EXISTS (SELECT FROM gateways WHERE organisation_id = $1 AND id = $2)

-- list --
SELECT id, organisation_id, address, profile, label, serial, passkey, gateway_id, created_at,
    retired_at
FROM devices
WHERE organisation_id = $1
ORDER BY address

-- find --
SELECT id, organisation_id, address, profile, label, serial, passkey, gateway_id, created_at,
    retired_at
FROM devices
WHERE organisation_id = $1 AND (id::text = lower($2) OR address = upper($2))
