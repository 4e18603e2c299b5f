Claim lines, and everything that ever became of them.

-- of_patients --
SELECT l.*, h.reason AS held_because
FROM billing_lines l LEFT JOIN billing_holds h ON h.line_id = l.id AND h.released_at IS NULL
WHERE l.organisation_id = $1 AND l.month_id = $2
    AND ($3::uuid[] IS NULL OR l.patient_id = ANY($3::uuid[]))

-- taken back --
-- What an adjustment has removed after it was sent, and nothing stands in its place; as it was sent
-- last. A denied line is none: nothing of it was paid.
SELECT l.id, l.patient_id, l.status, coalesce(l.claim_number, l.original_claim) AS number,
    sent.line, sent.cover, sent.who, sent.practice
FROM billing_lines l
CROSS JOIN LATERAL (
    SELECT coalesce(x.version, (
        SELECT max(s.version) FROM billing_seals s
        WHERE s.month_id = l.month_id AND s.locked_at <= e.at
    )) AS version
    FROM billing_line_events e
    LEFT JOIN billing_exports x ON x.id::text = e.facts->>'export'
    WHERE e.organisation_id = $1 AND e.line_id = l.id AND e.status = 'exported'
        AND e.was <> 'exported'
    ORDER BY e.id DESC
    LIMIT 1
) went
CROSS JOIN LATERAL (
    SELECT line, p.body->'cover' AS cover, p.body->'who' AS who, s.head->'practice' AS practice
    FROM billing_month_patients p
    JOIN billing_seals s ON s.month_id = p.month_id AND s.version = p.version
    CROSS JOIN LATERAL jsonb_array_elements(p.body->'lines') AS line
    WHERE p.organisation_id = $1 AND p.month_id = l.month_id AND p.patient_id = l.patient_id
        AND p.version > 0 AND p.version <= went.version AND line->>'line_id' = l.id::text
    ORDER BY p.version DESC
    LIMIT 1
) sent
WHERE l.organisation_id = $1 AND l.month_id = $2 AND l.patient_id = ANY($3::uuid[]) AND l.exported
    AND l.status IN ('corrected', 'void')
    AND (
        SELECT e.facts ? 'adjustment' FROM billing_line_events e
        WHERE e.organisation_id = $1 AND e.line_id = l.id AND e.status = 'corrected'
            AND (e.was <> 'corrected' OR e.facts ? 'adjustment')
        ORDER BY e.id DESC
        LIMIT 1
    )
    AND (
        SELECT e.status <> 'denied' FROM billing_line_events e
        WHERE e.organisation_id = $1 AND e.line_id = l.id
            AND e.status IN ('exported', 'accepted', 'paid', 'denied')
        ORDER BY e.id DESC
        LIMIT 1
    )
    AND (l.status = 'corrected' OR EXISTS (
        SELECT FROM billing_line_events e
        WHERE e.organisation_id = $1 AND e.line_id = l.id AND e.status = 'void'
            AND e.facts ? 'export'
    ))
    AND NOT EXISTS (
        SELECT FROM billing_lines o
        WHERE o.organisation_id = $1 AND o.month_id = l.month_id AND o.patient_id = l.patient_id
            AND o.replaces = l.id AND (o.exported OR o.status <> 'void')
    )
ORDER BY l.id

-- number --
-- Of what waits to be sent again it is the claim to be replaced.
UPDATE billing_lines SET claim_number = $3, exported = true,
    original_claim = CASE status WHEN 'approved' THEN $3 ELSE original_claim END,
    changed_at = $4, version = version + 1
WHERE organisation_id = $1 AND id = ANY($2::uuid[])

-- answers --
-- Of lines that have ever gone out to whoever is to pay for them now: what was said of each last.
SELECT DISTINCT ON (e.line_id) e.line_id, e.status FROM billing_line_events e
WHERE e.organisation_id = $1 AND e.line_id = ANY($2::uuid[])
    AND e.status IN ('exported', 'accepted', 'paid', 'denied')
    AND NOT EXISTS (
        SELECT FROM billing_line_events o
        WHERE o.line_id = e.line_id AND o.id > e.id AND o.facts ? 'other_payer'
    )
ORDER BY e.line_id, e.id DESC

-- where they stand --
SELECT id, code, status, exported, coalesce(claim_number, original_claim) AS number
FROM billing_lines
WHERE organisation_id = $1 AND id = ANY($2::uuid[])
ORDER BY code, dos, id

-- what follows --
-- With who pays for it as it was locked last, and how that payer takes corrections by now.
SELECT l.id, l.code, l.status, l.exported, coalesce(l.claim_number, l.original_claim) AS number,
    c.cover->>'payer_name' AS payer, c.cover->>'claim_form' AS claim_form,
    coalesce(y.corrects_by, c.cover->>'corrects_by') AS corrects_by
FROM billing_lines l
LEFT JOIN LATERAL (
    SELECT p.body->'cover' AS cover FROM billing_month_patients p
    WHERE p.organisation_id = $1 AND p.month_id = l.month_id AND p.patient_id = l.patient_id
        AND p.version > 0
    ORDER BY p.version DESC
    LIMIT 1
) c ON true
LEFT JOIN payers y ON y.organisation_id = $1 AND y.key = c.cover->>'payer'
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[])
ORDER BY l.code, l.dos, l.id

-- paid --
-- What was paid, and not taken back since: a denial that follows takes it back, one of what was sent
-- again in the meantime does not. Where it was said again, what was said last counts.
SELECT DISTINCT p.line_id FROM billing_line_events p
WHERE p.organisation_id = $1 AND p.line_id = ANY($2::uuid[]) AND p.status = 'paid'
    AND NOT EXISTS (
        SELECT FROM billing_line_events t
        WHERE t.line_id = p.line_id AND t.id > p.id AND (
            t.facts ? 'other_payer' OR t.status IN ('paid', 'void')
            OR (t.status = 'denied' AND NOT EXISTS (
                SELECT FROM billing_line_events s
                WHERE s.line_id = p.line_id AND s.id > p.id AND s.id < t.id
                    AND s.status = 'exported'
            ))
        )
    )

-- replaceable --
-- Of these lines those of which the payer takes a replacement.
SELECT l.id FROM billing_lines l
CROSS JOIN LATERAL (
    SELECT p.body->'cover'->>'payer' AS payer FROM billing_month_patients p
    WHERE p.month_id = l.month_id AND p.patient_id = l.patient_id AND p.version > 0
    ORDER BY p.version DESC LIMIT 1
) cover
JOIN payers y ON y.organisation_id = l.organisation_id AND y.key = cover.payer
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[]) AND y.corrects_by = 'replacement'

-- stays --
-- What the payer has answered to is what was sent; what was corrected since stands where it stood.
UPDATE billing_lines SET exported = $3, original_claim = $4, claim_number = $4, changed_at = $5,
    version = version + 1
WHERE organisation_id = $1 AND id = $2

-- carry --
-- Its claim says something else: how it stands, and as what it goes out. For another payer ($10) it
-- stands in nothing's place.
UPDATE billing_lines SET content = $3, lacks = $4, status = $5, exported = $6, original_claim = $7,
    claim_number = $8, changed_at = $9, version = version + 1,
    replaces = CASE WHEN NOT $10::boolean THEN replaces END
WHERE organisation_id = $1 AND id = $2

-- add --
INSERT INTO billing_lines (
    id, organisation_id, patient_id, month_id, stretch_id, service, scope, code, units, dos,
    window_from, window_to, content, status, lacks, changed_at, replaces, original_claim
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)

-- rewrite --
UPDATE billing_lines SET units = $3, dos = $4, window_to = $5, content = $6, status = $7,
    lacks = $8, present = true, changed_at = $9, version = version + 1
WHERE organisation_id = $1 AND id = $2

-- gone --
UPDATE billing_lines SET status = 'void', present = false, changed_at = $3, version = version + 1
WHERE organisation_id = $1 AND id = $2

-- lock --
-- In one order, so that two who change many never wait for each other.
SELECT l.*, m.month, m.version AS month_version
FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[])
ORDER BY l.id
FOR UPDATE OF l

-- locked months --
-- Of which these lines are.
SELECT DISTINCT m.month
FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[]) AND m.version > 0
ORDER BY m.month

-- hold still --
SELECT id FROM billing_lines
WHERE organisation_id = $1 AND id = ANY($2::uuid[])
ORDER BY id
FOR UPDATE

-- own time --
-- Which of these lines rest on time of this person's, or of others as this person has corrected it.
SELECT l.id, l.code
FROM billing_lines l
JOIN billing_months m ON m.id = l.month_id
CROSS JOIN LATERAL (
    SELECT p.body FROM billing_month_patients p
    WHERE p.month_id = l.month_id AND p.patient_id = l.patient_id
        AND (m.version = 0 OR p.version > 0)
    ORDER BY p.version DESC LIMIT 1
) latest
CROSS JOIN LATERAL jsonb_array_elements(latest.body->'lines') AS line
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[]) AND line->>'line_id' = l.id::text
    AND EXISTS (
        SELECT FROM jsonb_array_elements(latest.body->'time') AS spent
        WHERE line->'entry_ids' ? (spent->>'entry_id') AND (
            spent->>'staff_id' = $3::uuid::text OR EXISTS (
                SELECT FROM time_entries e
                WHERE e.organisation_id = $1 AND e.id = (spent->>'entry_id')::uuid
                    AND e.recorded_by = $3
            )
        )
    )
ORDER BY l.id

-- move --
UPDATE billing_lines SET status = $3, exported = exported OR $3 = 'exported',
    claim_number = coalesce($5, claim_number), changed_at = $4, version = version + 1
WHERE organisation_id = $1 AND id = ANY($2::uuid[])

-- adjust --
-- What was void goes out as a claim of its own: the payer knows of no other one any more.
UPDATE billing_lines SET units = $3, dos = $4, window_to = $5, content = $6, status = $8, lacks = $9,
    original_claim = CASE WHEN status <> 'void' THEN coalesce(claim_number, original_claim) END,
    claim_number = CASE WHEN status <> 'void' THEN claim_number END,
    exported = exported AND status <> 'void', present = true, changed_at = $7,
    version = version + 1
WHERE organisation_id = $1 AND id = $2

-- note --
INSERT INTO billing_line_events (
    organisation_id, line_id, at, actor, was, status, reason, content, facts
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)

-- events --
SELECT e.at, e.actor, coalesce(nullif(u.display_name, ''), u.username, '') AS actor_name, e.was,
    e.status, e.reason, e.content, e.facts
FROM billing_line_events e LEFT JOIN users u ON u.id = e.actor
WHERE e.organisation_id = $1 AND e.line_id = $2
ORDER BY e.id

-- whose --
SELECT patient_id FROM billing_lines WHERE organisation_id = $1 AND id = $2

-- hold --
INSERT INTO billing_holds (organisation_id, line_id, reason, held_by, held_at)
VALUES ($1, $2, $3, $4, $5)

-- release --
UPDATE billing_holds SET released_by = $3, released_at = $4, release_reason = $5
WHERE organisation_id = $1 AND line_id = $2 AND released_at IS NULL

-- approve --
INSERT INTO billing_approvals (organisation_id, line_id, content, approved_by, approved_at)
VALUES ($1, $2, $3, $4, $5)

-- beside --
-- Lines of the same patient, service and window as these: bases and their add-ons.
SELECT l.id AS of_line, o.id, o.code, o.status, h.reason AS held_because
FROM billing_lines l
JOIN billing_lines o ON o.month_id = l.month_id AND o.patient_id = l.patient_id
    AND o.service = l.service AND o.scope = l.scope AND o.window_from = l.window_from
    AND o.id <> l.id AND o.present
LEFT JOIN billing_holds h ON h.line_id = o.id AND h.released_at IS NULL
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[])
ORDER BY o.id

-- undecided since --
-- Lines of these patients of which an adjustment that nobody has decided about would leave less.
SELECT DISTINCT a.patient_id, (one->>'line_id')::uuid AS line_id
FROM billing_adjustments a
LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
CROSS JOIN LATERAL jsonb_array_elements(a.removed) AS one
WHERE a.organisation_id = $1 AND a.month_id = $2 AND a.patient_id = ANY($3::uuid[])
    AND a.direction IN ('down', 'code_change') AND d.adjustment_id IS NULL

-- undecided --
SELECT id, version FROM billing_lines
WHERE organisation_id = $1 AND month_id = $2 AND status IN ('draft', 'ready')
ORDER BY id

-- versions --
SELECT coalesce(md5(string_agg(id::text || '/' || version, ',' ORDER BY id)), '') AS said
FROM billing_lines
WHERE organisation_id = $1 AND month_id = $2

-- statuses --
SELECT month_id, status, count(*)::int AS lines
FROM billing_lines
WHERE organisation_id = $1 AND present
GROUP BY month_id, status

-- approvers --
-- Whose approvals of what these lines say now stand: not those of before a line was held, had to be
-- approved anew, or said something else in between. In the order in which they came.
SELECT a.line_id, a.approved_by, coalesce(nullif(u.display_name, ''), u.username) AS name
FROM billing_approvals a
JOIN billing_lines l ON l.id = a.line_id AND l.content = a.content
JOIN users u ON u.id = a.approved_by
WHERE a.organisation_id = $1 AND a.line_id = ANY($2::uuid[])
    AND a.approved_at >= coalesce((
        SELECT max(e.at) FROM billing_line_events e
        WHERE e.organisation_id = $1 AND e.line_id = l.id
            AND (e.status IN ('draft', 'ready', 'held', 'void', 'corrected')
                OR e.content <> l.content)
    ), '-infinity')
ORDER BY a.line_id, a.approved_at, a.id

-- that wait --
-- Lines of a month that stand there.
SELECT l.id
FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
WHERE l.organisation_id = $1 AND m.month = $2 AND l.status = ANY($3::text[])

-- charges --
-- What the lines of each month come to, as they were worked out last; money is text in a body.
SELECT p.month_id, sum((line->>'charge')::numeric) AS charge
FROM billing_month_patients p, jsonb_array_elements(p.body->'lines') AS line
WHERE p.organisation_id = $1 AND p.version = 0
GROUP BY p.month_id
