Who is named in the audit log, and what is read of it.

-- user --
SELECT id, organisation_id, username, display_name, role FROM users WHERE id = $1

-- user_named --
SELECT id, organisation_id, username, display_name, role FROM users WHERE username = $1

-- page --
-- The latest first, before a place in the chain.
SELECT position, at, via, actor, actor_name, actor_role, action, route, outcome, status, patients,
    object_kind, object_id, reason, address, request_id, detail, encode(hash, 'hex') AS hash,
    (SELECT username FROM users u WHERE u.organisation_id = $1 AND u.id = actor) AS username
FROM audit
WHERE organisation_id = $1
    AND ($2::timestamptz IS NULL OR at >= $2)
    AND ($3::timestamptz IS NULL OR at < $3)
    AND ($4::uuid IS NULL OR actor = $4)
    AND ($5::uuid IS NULL OR position = ANY (ARRAY(SELECT audit_of_patient($5))))
    AND ($6::text IS NULL OR route = $6 OR strpos(lower(action), lower($6)) > 0)
    AND CASE coalesce($7::text, '')
        WHEN '' THEN true
        WHEN 'refused' THEN outcome = 'refused'
        WHEN 'sign-ins' THEN action IN (
            'signed in', 'signed out', 'tried to sign in', 'was signed out by the clock'
        )
        WHEN 'commands' THEN via = 'command'
        WHEN 'reads' THEN route LIKE 'GET %'
        -- What names this one, and the pages of one patient at home; not lists of many, nor a page of
        -- another on which this one is named too.
        WHEN 'opened' THEN route LIKE 'GET %' AND outcome = 'done' AND cardinality(patients) > 0
            AND (route LIKE 'GET /my%' OR (strpos(route, '{') > 0 AND (
                $5::uuid IS NULL OR cardinality(patients) = 1 OR object_id = $5::uuid::text
            )))
        WHEN 'listed' THEN route LIKE 'GET %' AND outcome = 'done' AND cardinality(patients) > 0
            AND route NOT LIKE 'GET /my%' AND (strpos(route, '{') = 0 OR (
                $5::uuid IS NOT NULL AND cardinality(patients) > 1
                AND object_id IS DISTINCT FROM $5::uuid::text
            ))
        ELSE route NOT LIKE 'GET %' AND action NOT IN (
            'signed in', 'signed out', 'tried to sign in', 'was signed out by the clock'
        )
    END
    AND ($8::bigint IS NULL OR position < $8)
ORDER BY position DESC
LIMIT $9

-- head --
SELECT coalesce(max(position), 0) FROM audit WHERE organisation_id = $1

-- patients --
SELECT id, mrn, given_name, family_name FROM patients
WHERE organisation_id = $1 AND id = ANY ($2::uuid[])

-- patient_numbered --
SELECT id FROM patients WHERE organisation_id = $1 AND mrn = $2

-- people --
SELECT id, coalesce(nullif(display_name, ''), username) AS name, username, role FROM users
WHERE organisation_id = $1 ORDER BY lower(coalesce(nullif(display_name, ''), username))
