-- kept --
SELECT key_hash, failures, last_at FROM sign_in_failures WHERE key_hash = ANY($1::bytea[])

-- count --
INSERT INTO sign_in_failures AS f (key_hash, failures, last_at)
SELECT key_hash, 1, $2 FROM unnest($1::bytea[]) AS keys (key_hash)
ON CONFLICT (key_hash) DO UPDATE
SET failures = CASE WHEN f.last_at < $3 THEN 1 ELSE f.failures + 1 END,
    last_at = greatest(f.last_at, excluded.last_at)

-- clear --
DELETE FROM sign_in_failures WHERE key_hash = ANY($1::bytea[])

-- forget --
DELETE FROM sign_in_failures WHERE last_at < $1

-- known_place --
SELECT EXISTS (SELECT FROM sign_in_places WHERE place_hash = $1)

-- remember_place --
INSERT INTO sign_in_places (place_hash, last_at) VALUES ($1, $2)
ON CONFLICT (place_hash) DO UPDATE SET last_at = greatest(sign_in_places.last_at, excluded.last_at)

-- forget_places --
DELETE FROM sign_in_places WHERE last_at < $1

-- known_browser --
SELECT EXISTS (SELECT FROM known_browsers WHERE browser_hash = $1)

-- browser_of --
SELECT EXISTS (
    SELECT FROM known_browsers b
    JOIN users u ON u.id = b.user_id
    WHERE b.browser_hash = $1 AND (u.username = $2 OR u.id = $3)
)

-- remember_browser --
INSERT INTO known_browsers (browser_hash, user_id, last_at) VALUES ($1, $2, $3)
ON CONFLICT (browser_hash, user_id) DO UPDATE
SET last_at = greatest(known_browsers.last_at, excluded.last_at)

-- forget_browsers --
DELETE FROM known_browsers WHERE last_at < $1
