What backup and restore need besides COPY.

-- make_room --
-- A migrated database has one row: the organisation of readings that nobody has claimed. The
-- backup has it too.
DELETE FROM organisations WHERE id = $1

-- numbers_go_on --
-- Rows came with their numbers; new ones go on after the highest.
SELECT setval(pg_get_serial_sequence('evaluation_queue', 'position'),
              (SELECT coalesce(max(position), 0) + 1 FROM evaluation_queue), false),
       setval(pg_get_serial_sequence('dead_letters', 'id'),
              (SELECT coalesce(max(id), 0) + 1 FROM dead_letters), false)
