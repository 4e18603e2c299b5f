What backup and restore need besides COPY.

-- make_room --
-- A migrated database has one row: the organisation of readings that nobody has claimed. The
-- backup has it too.
DELETE FROM organisations WHERE id = $1

-- numbers_go_on --
-- Rows came with their numbers; new ones go on after the highest, in every table that counts.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND is_identity = 'YES'
    LOOP
        EXECUTE format(
            'SELECT setval(pg_get_serial_sequence(%L, %L),'
            ' (SELECT coalesce(max(%I), 0) + 1 FROM %I), false)',
            one.table_name, one.column_name, one.column_name, one.table_name
        );
    END LOOP;
END
$$
