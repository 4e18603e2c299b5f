Programmes belong to the installation, not to an organisation: they are data without patients.

-- list --
SELECT id, version, body, digest, created_at FROM programmes ORDER BY id, version

-- one --
SELECT id, version, body, digest, created_at FROM programmes WHERE id = $1 AND version = $2

-- add --
-- The digest that holds from here on: this one, or that of the version that was there already.
WITH added AS (
    INSERT INTO programmes (id, version, title, body, digest)
    VALUES ($1, $2, $3, $4::text::jsonb, $5)
    ON CONFLICT (id, version) DO NOTHING
    RETURNING digest
)
SELECT digest, TRUE AS added FROM added
UNION ALL
SELECT digest, FALSE FROM programmes WHERE id = $1 AND version = $2
LIMIT 1
