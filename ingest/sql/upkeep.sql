What one worker at a time does. Owned by ingest.upkeep.

-- lead --
-- Until the end of the transaction; whoever comes second leaves it to the first.
SELECT pg_try_advisory_xact_lock($1::bigint)
