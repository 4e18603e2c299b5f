-- is_partitioned --
SELECT EXISTS (SELECT FROM pg_partitioned_table WHERE partrelid = to_regclass($1::text))

-- is_installed --
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb')

-- is_creatable --
-- Offered by the server, its library preloaded, and this user has the right.
SELECT EXISTS (
    SELECT FROM pg_available_extensions e
    JOIN pg_available_extension_versions v ON v.name = e.name AND v.version = e.default_version
    WHERE e.name = 'timescaledb'
      AND (
          NOT v.superuser
          OR v.trusted AND has_database_privilege(current_database(), 'CREATE')
          OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
      )
)
AND EXISTS (
    SELECT FROM pg_settings
    WHERE name = 'shared_preload_libraries' AND setting LIKE '%timescaledb%'
)

-- install --
CREATE EXTENSION IF NOT EXISTS timescaledb
