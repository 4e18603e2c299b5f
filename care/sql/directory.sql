-- fingerprint --
-- Cheap to ask: any row that came, went or changed gives another answer.
SELECT
    (SELECT (count(*), sum(xmin::text::bigint))::text FROM gateways)
    || (SELECT (count(*), sum(xmin::text::bigint))::text FROM devices)
    || (SELECT (count(*), sum(xmin::text::bigint))::text FROM device_assignments)
    || (SELECT (count(*), sum(xmin::text::bigint))::text FROM patients)

-- gateways --
SELECT id, organisation_id, transport, time_zone, revoked_at, credential_hash FROM gateways

-- devices --
SELECT id, organisation_id, address, profile, passkey, gateway_id
FROM devices
WHERE retired_at IS NULL

-- assignments --
SELECT device_id, id, patient_id, user_slot, starts_at, ends_at
FROM device_assignments
ORDER BY starts_at

-- patient_zones --
SELECT id, time_zone FROM patients
