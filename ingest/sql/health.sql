What gateways say about themselves. Owned by ingest.health_rows.

-- add --
INSERT INTO gateway_health (
    gateway_id, organisation_id, at, received_at, state, version, queue_depth, last_seq, devices,
    trouble, undecodable
)
SELECT gateway_id, organisation_id, at, $1, state, version, queue_depth, last_seq, devices::jsonb,
    trouble, undecodable
FROM unnest(
    $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
    $9::text[], $10::text[], $11::bigint[]
) AS said (
    gateway_id, organisation_id, at, state, version, queue_depth, last_seq, devices,
    trouble, undecodable
)
ORDER BY gateway_id, at
ON CONFLICT DO NOTHING
