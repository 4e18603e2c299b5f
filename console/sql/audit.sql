Who is named in the audit log, and what is read of it.

-- user --
SELECT id, organisation_id, username, display_name, role FROM users WHERE id = $1

-- user_named --
SELECT id, organisation_id, username, display_name, role FROM users WHERE username = $1
