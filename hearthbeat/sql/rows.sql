Whether the wall between organisations stands. Owned by hearthbeat.examined_rows.

-- role --
SELECT rolcanlogin OR rolbypassrls OR rolsuper AS strong, pg_has_role(oid, 'MEMBER') AS ours
FROM pg_roles WHERE rolname = $1

-- open --
SELECT c.relname
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organisation_id' AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND NOT (c.relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))
ORDER BY c.relname
