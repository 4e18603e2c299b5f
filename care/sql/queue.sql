Filters of the queue under a name, and notes at the change of shifts.

-- views --
-- One's own, and what colleagues share.
SELECT v.id, v.name, v.query, v.shared, v.user_id,
    coalesce(nullif(u.display_name, ''), u.username) AS owner
FROM saved_views v JOIN users u ON u.id = v.user_id
WHERE v.organisation_id = $1 AND (v.user_id = $2 OR v.shared)
ORDER BY v.user_id <> $2, v.name, v.id

-- count views --
SELECT count(*) FROM saved_views WHERE organisation_id = $1 AND user_id = $2

-- keep view --
INSERT INTO saved_views (organisation_id, user_id, name, query, shared, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (user_id, name) DO UPDATE SET query = excluded.query, shared = excluded.shared
RETURNING id

-- remove view --
DELETE FROM saved_views WHERE organisation_id = $1 AND user_id = $2 AND id = $3 RETURNING id

-- write hand over --
INSERT INTO hand_overs (organisation_id, author, written_at, since, text, facts)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id

-- hand overs --
SELECT h.id, h.author AS author_id, coalesce(nullif(u.display_name, ''), u.username) AS author,
    h.written_at, h.since, h.text, h.facts,
    EXISTS (
        SELECT FROM hand_over_readers r
        WHERE r.hand_over_id = h.id AND r.user_id = $2
    ) AS read,
    ARRAY(
        SELECT coalesce(nullif(w.display_name, ''), w.username)
        FROM hand_over_readers r JOIN users w ON w.id = r.user_id
        WHERE r.hand_over_id = h.id ORDER BY r.read_at
    ) AS readers
FROM hand_overs h JOIN users u ON u.id = h.author
WHERE h.organisation_id = $1
ORDER BY h.written_at DESC, h.id
LIMIT $3

-- is hand over --
SELECT EXISTS (SELECT FROM hand_overs WHERE organisation_id = $1 AND id = $2)

-- read hand over --
INSERT INTO hand_over_readers (hand_over_id, user_id, organisation_id, read_at)
SELECT h.id, $2, h.organisation_id, $4 FROM hand_overs h
WHERE h.organisation_id = $1 AND h.id = $3
ON CONFLICT DO NOTHING

-- done since --
-- What people did; the resolved ones in full.
SELECT e.event, e.at, coalesce(nullif(u.display_name, ''), u.username) AS name, a.label,
    a.severity, a.patient_id, e.facts, p.family_name, p.given_name, p.mrn
FROM alert_events e
JOIN alerts a ON a.id = e.alert_id
JOIN users u ON u.id = e.actor
LEFT JOIN patients p ON p.id = a.patient_id
WHERE e.organisation_id = $1 AND e.at >= $2
    AND e.event IN ('acknowledged', 'snoozed', 'escalated', 'resolved', 'reopened', 'noted')
ORDER BY e.at DESC, e.id DESC
LIMIT 500
