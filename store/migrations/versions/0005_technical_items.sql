-- gateway_health_gateway_id_received_at_idx --
-- What a gateway said last, by our clock: the key is by the gateway's own.
CREATE INDEX gateway_health_gateway_id_received_at_idx ON gateway_health (gateway_id, received_at)

-- alerts_technical_idx --
CREATE INDEX alerts_technical_idx ON alerts (organisation_id)
WHERE lane IN ('technical', 'compliance') AND state <> 'withdrawn'
    AND (ended_at IS NULL OR cleared_at IS NULL)
