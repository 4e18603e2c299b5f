-- lock --
-- Until the transaction ends: two replicas make partitions one after the other.
SELECT pg_advisory_xact_lock(x'48454152544250'::bigint)

-- exists --
-- Not to_regclass: its memory of what was not there may be older than the lock just waited for.
SELECT EXISTS (
    SELECT FROM pg_class
    WHERE relname = $1::name AND relnamespace = current_schema()::regnamespace
)

-- statements_to_make --
-- How to make one month ($3) of table $1, cut by column $2: the server quotes what it is given.
-- Rows that came early wait in the default partition and move with it. That partition is locked
-- first, so that no more can come between; all other reading and writing goes on.
SELECT unnest(ARRAY[
    'SET LOCAL lock_timeout = ''10s''',
    format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', spare),
    format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent),
    format(
        'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) '
        'INSERT INTO %I SELECT * FROM moved',
        spare, cut, starts, cut, ends, part
    ),
    format(
        'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        parent, part, starts, ends
    )
])
FROM (
    SELECT
        $1::text AS parent,
        $2::text AS cut,
        $1::text || '_default' AS spare,
        $1::text || to_char($3::date, '"_y"YYYY"m"MM') AS part,
        $3::date::timestamp AT TIME ZONE 'UTC' AS starts,
        ($3::date + INTERVAL '1 month') AT TIME ZONE 'UTC' AS ends
) AS month

-- statements_to_drop --
-- How to drop from table $1, cut by column $2, what is wholly older than $3: months that end by
-- then, and rows of the default partition.
SELECT format('DROP TABLE %I', child.relname)
FROM pg_inherits
JOIN pg_class child ON child.oid = inhrelid
WHERE inhparent = to_regclass($1::text)
  AND child.relname ~ '_y\d{4}m\d{2}$'
  AND (to_date(right(child.relname, 7), 'YYYY"m"MM') + INTERVAL '1 month') AT TIME ZONE 'UTC'
      <= $3::timestamptz
UNION ALL
SELECT format('DELETE FROM %I WHERE %I < %L', $1::text || '_default', $2::text, $3::timestamptz)

-- drop_chunks --
SELECT drop_chunks($1::text::regclass, older_than => $2::timestamptz)
