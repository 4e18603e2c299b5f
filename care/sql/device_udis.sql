What has been said of devices' UDIs.

-- said --
-- The latest first. $2: of these devices.
SELECT u.id, u.device_id, u.source, u.udi, u.issuer, u.di, u.lot, u.serial, u.expires_on, u.made_on,
    u.gateway_id, u.reason, u.stated_at,
    coalesce(nullif(s.display_name, ''), s.username, '') AS stated_by
FROM device_udis u LEFT JOIN users s ON s.id = u.stated_by
WHERE u.organisation_id = $1 AND u.device_id = ANY($2::uuid[])
ORDER BY u.id DESC

-- lock --
-- Two who state one at once do so one after the other.
SELECT id FROM devices WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- state --
INSERT INTO device_udis (
    organisation_id, device_id, source, udi, issuer, di, lot, serial, expires_on, made_on,
    stated_by, reason, stated_at
)
VALUES ($1, $2, 'person', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- hear --
-- What a device says is kept where it is news, and where it has not said ever others: $11 of them.
INSERT INTO device_udis (
    organisation_id, device_id, source, udi, issuer, di, lot, serial, expires_on, made_on,
    gateway_id, stated_at
)
SELECT DISTINCT ON (d.id) d.organisation_id, d.id, 'device', told.udi, told.issuer, told.di,
    told.lot, told.serial, told.expires_on, told.made_on, told.gateway_id, $10
FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::date[], $12::date[]
) WITH ORDINALITY AS told (
    organisation_id, gateway_id, address, udi, issuer, di, lot, serial, expires_on, made_on, place
)
JOIN devices d ON d.organisation_id = told.organisation_id AND d.address = told.address
CROSS JOIN LATERAL (
    SELECT count(*) AS times, (array_agg(u.udi ORDER BY u.id DESC))[1] AS udi
    FROM device_udis u WHERE u.device_id = d.id AND u.source = 'device'
) AS before
WHERE d.retired_at IS NULL AND before.times < $11 AND before.udi IS DISTINCT FROM told.udi
ORDER BY d.id, told.place DESC
