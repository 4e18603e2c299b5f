Timers. Every change is made with the person's timers locked: two requests of one person, from two
tabs, are done one after the other.

-- lock --
SELECT pg_advisory_xact_lock(hashtextextended('timers/' || $1::text, 0))

-- open --
SELECT * FROM timers
WHERE organisation_id = $1 AND user_id = $2 AND state IN ('running', 'paused')
ORDER BY counted_to DESC, id

-- one --
SELECT * FROM timers WHERE organisation_id = $1 AND user_id = $2 AND id = $3

-- counted_to --
-- The latest instant that any timer of this person has counted, where it lies ahead of the clock.
SELECT max(counted_to) FROM timers
WHERE organisation_id = $1 AND user_id = $2 AND counted_to > $3

-- begin --
INSERT INTO timers (organisation_id, user_id, patient_id, state, tab, started_at, counted_to)
VALUES ($1, $2, $3, 'running', $4, $5, $5)
RETURNING *

-- save --
UPDATE timers SET state = $3, tab = $4, counted_to = $5, spans = $6, ended_at = $7, reason = $8
WHERE organisation_id = $1 AND id = $2

-- beside --
-- What other timers of this person have counted between two instants, and what of it is theirs in
-- the log already: no minute is written down twice by an edit.
SELECT spans FROM timers
WHERE organisation_id = $1 AND user_id = $2 AND id <> $3 AND counted_to > $4 AND started_at < $5
    AND state <> 'discarded'
UNION ALL
SELECT e.spans FROM time_entries e
WHERE e.organisation_id = $1 AND e.user_id = $2 AND e.started_at < $5 AND e.ended_at > $4
    AND e.started_at > $4::timestamptz - INTERVAL '8 days'
    AND NOT e.withdrawn AND NOT EXISTS (SELECT FROM time_entries c WHERE c.corrects = e.id)
