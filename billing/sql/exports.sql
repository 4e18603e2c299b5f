Exports: who took which month out of the house, what for, and what it was.

-- control lock --
SELECT pg_advisory_xact_lock(hashtextextended('billing control numbers/' || $1::text, 0))

-- next control number --
SELECT coalesce(max(control_number), 0) % 999999999 + 1 FROM billing_exports
WHERE organisation_id = $1

-- begin --
INSERT INTO billing_exports (
    organisation_id, month, version, kind, purpose, filters, requested_by, requested_at, state,
    control_number
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'running', $9)
RETURNING id

-- making --
-- For as long as its connection is there: whoever has it is writing the export. Taken before anybody
-- else sees the row.
SELECT pg_advisory_lock(hashtextextended('billing export/' || $1::text, 0))

-- made --
SELECT pg_advisory_unlock(hashtextextended('billing export/' || $1::text, 0))

-- abandoned --
-- Of every organisation: what is being written by nobody. What is finished at this moment is looked
-- at again by the statement itself.
UPDATE billing_exports e
SET state = 'failed', finished_at = $1, error = $2, control_number = NULL
WHERE e.state = 'running' AND NOT EXISTS (
    SELECT FROM pg_locks k
    WHERE k.locktype = 'advisory' AND k.objsubid = 1 AND k.granted
        AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (k.classid::bigint << 32) | k.objid::bigint
            = hashtextextended('billing export/' || e.id::text, 0)
)
RETURNING e.id

-- progress --
-- Beside the pieces of the file: the export's own row is changed by nobody but its snapshot, which
-- could not finish otherwise.
INSERT INTO billing_export_parts (organisation_id, export_id, part, body)
VALUES ($1, $2, -1, convert_to($3::int::text, 'UTF8'))
ON CONFLICT (export_id, part) DO UPDATE SET body = excluded.body

-- part --
INSERT INTO billing_export_parts (organisation_id, export_id, part, body) VALUES ($1, $2, $3, $4)

-- finish --
UPDATE billing_exports SET state = 'done', finished_at = $3, progress = $4, rows = $5, bytes = $6,
    sha256 = $7, file = $8, manifest = $9,
    control_number = CASE WHEN $10::boolean THEN control_number END
WHERE organisation_id = $1 AND id = $2

-- fail --
-- Its number was on nothing that left the house: the next one may have it.
UPDATE billing_exports
SET state = 'failed', finished_at = $3, error = $4, control_number = NULL
WHERE organisation_id = $1 AND id = $2 AND state = 'running'

-- list --
SELECT e.*, coalesce(nullif(u.display_name, ''), u.username) AS requested_by_name,
    CASE e.state WHEN 'done' THEN e.progress
        ELSE coalesce(convert_from(n.body, 'UTF8')::int, 0) END AS written,
    CASE WHEN e.state = 'running' THEN EXISTS (
        SELECT FROM pg_locks k
        WHERE k.locktype = 'advisory' AND k.objsubid = 1 AND k.granted
            AND k.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (k.classid::bigint << 32) | k.objid::bigint
                = hashtextextended('billing export/' || e.id::text, 0)
    ) ELSE false END AS in_hand
FROM billing_exports e LEFT JOIN users u ON u.id = e.requested_by
LEFT JOIN billing_export_parts n ON n.export_id = e.id AND n.part = -1
WHERE e.organisation_id = $1 AND e.month = $2 AND ($3::uuid IS NULL OR e.id = $3)
ORDER BY e.requested_at DESC, e.id
LIMIT $4

-- read part --
SELECT body FROM billing_export_parts WHERE organisation_id = $1 AND export_id = $2 AND part = $3

-- whose --
-- Everybody of the month: whoever takes the file has them all.
SELECT DISTINCT p.patient_id
FROM billing_month_patients p JOIN billing_months m ON m.id = p.month_id
WHERE p.organisation_id = $1 AND m.month = $2

-- place of line --
SELECT l.patient_id, m.month FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
WHERE l.organisation_id = $1 AND l.id = $2
