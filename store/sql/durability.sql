-- settings --
SELECT
    current_setting('fsync') AS fsync,
    current_setting('full_page_writes') AS full_page_writes,
    current_setting('synchronous_commit') AS synchronous_commit

-- unlogged --
-- Ours, and the partitions of ours, that a crash would empty.
SELECT relname::text
FROM pg_class
WHERE relpersistence = 'u'
  AND relkind = 'r'
  AND relnamespace = current_schema()::regnamespace
ORDER BY relname
