-- add --
-- A home is where its clinic is, unless somebody says otherwise.
INSERT INTO gateways (id, organisation_id, label, transport, time_zone)
SELECT $1, id, $3, $4, coalesce($5, time_zone)
FROM organisations
WHERE id = $2
ON CONFLICT (id) DO NOTHING
RETURNING id, organisation_id, label, transport, created_at, enrolled_at, revoked_at, time_zone

-- list --
SELECT id, organisation_id, label, transport, created_at, enrolled_at, revoked_at, time_zone
FROM gateways
WHERE organisation_id = $1
ORDER BY id

-- transport --
SELECT transport FROM gateways WHERE organisation_id = $1 AND id = $2

-- issue_code --
UPDATE gateways
SET enrolment_code_hash = $3, enrolment_expires_at = $4
WHERE organisation_id = $1 AND id = $2 AND revoked_at IS NULL
RETURNING id

-- enrol --
-- The code is found, judged and burnt in one statement: of two that use it, one is refused.
UPDATE gateways
SET enrolment_code_hash = NULL,
    enrolment_expires_at = NULL,
    enrolled_at = $2,
    credential_hash = $3
WHERE enrolment_code_hash = $1 AND enrolment_expires_at > $2 AND revoked_at IS NULL
RETURNING id, transport, time_zone

-- revoke --
UPDATE gateways
SET revoked_at = coalesce(revoked_at, $3),
    enrolment_code_hash = NULL,
    enrolment_expires_at = NULL,
    credential_hash = NULL
WHERE organisation_id = $1 AND id = $2
RETURNING id

-- accounts --
SELECT id, credential_hash
FROM gateways
WHERE transport = 'mqtt' AND revoked_at IS NULL AND credential_hash IS NOT NULL
ORDER BY id

-- own_words --
-- What each said last of itself. A last will says nothing.
SELECT g.id, last.trouble, coalesce(last.undecodable, 0) AS undecodable
FROM unnest($1::text[]) AS g (id)
CROSS JOIN LATERAL (
    SELECT h.trouble, h.undecodable
    FROM gateway_health h
    WHERE h.gateway_id = g.id AND h.state = 'online' AND h.at > $2
    ORDER BY h.received_at DESC
    LIMIT 1
) AS last
