What happened after a month was locked, and what was decided about it.

-- frozen --
-- What a locked month says of these patients now: of each the latest version, with the practice as
-- it was then, and since when it is locked.
SELECT DISTINCT ON (p.patient_id) p.patient_id, p.version, p.sorts_by, p.body, p.sha256,
    p.facts_sha256, p.evaluated_at, s.head->'practice' AS practice, (
        SELECT min(o.evaluated_at) FROM billing_month_patients o
        WHERE o.month_id = p.month_id AND o.patient_id = p.patient_id AND o.version > 0
    ) AS locked_since
FROM billing_month_patients p
JOIN billing_seals s ON s.month_id = p.month_id AND s.version = p.version
WHERE p.organisation_id = $1 AND p.month_id = $2 AND p.version > 0
    AND p.patient_id = ANY($3::uuid[])
ORDER BY p.patient_id, p.version DESC

-- now --
-- As it was worked out last, of one patient.
SELECT body, fingerprint, sorts_by, evaluated_at FROM billing_month_patients
WHERE organisation_id = $1 AND month_id = $2 AND version = 0 AND patient_id = $3

-- latest --
-- Of each patient what was found last of days, time and lines, and whether it waits.
SELECT DISTINCT ON (a.patient_id) a.patient_id, a.id, a.after_sha256, d.decision,
    a.overpayment_identified_on
FROM billing_adjustments a LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
WHERE a.organisation_id = $1 AND a.month_id = $2 AND a.patient_id = ANY($3::uuid[])
    AND a.direction <> 'details'
ORDER BY a.patient_id, a.found_at DESC, a.id

-- details so far --
-- Of each patient what of claims waits for a decision, a row for what each person has changed; and
-- each detail that somebody has left as it was locked, until the same one is approved: its name, and
-- what it was and would be.
SELECT a.patient_id, (
        SELECT coalesce(
            jsonb_agg(jsonb_build_object('id', w.id, 'details', w.details, 'causes', w.causes)), '[]'
        )
        FROM billing_adjustments w
        LEFT JOIN billing_adjustment_decisions g ON g.adjustment_id = w.id
        WHERE w.month_id = $2 AND w.patient_id = a.patient_id AND w.direction = 'details'
            AND g.adjustment_id IS NULL
    ) AS waiting, (
        SELECT coalesce(jsonb_agg(jsonb_build_array(one->>'name', one->>'was', one->>'now')), '[]')
        FROM billing_adjustments o
        JOIN billing_adjustment_decisions n ON n.adjustment_id = o.id
        CROSS JOIN LATERAL jsonb_array_elements(o.details) AS one
        WHERE o.month_id = $2 AND o.patient_id = a.patient_id
            AND o.direction = 'details' AND n.decision = 'dismissed'
            AND NOT EXISTS (
                SELECT FROM billing_adjustments l
                JOIN billing_adjustment_decisions m ON m.adjustment_id = l.id
                CROSS JOIN LATERAL jsonb_array_elements(l.details) AS taken
                WHERE l.month_id = o.month_id AND l.patient_id = o.patient_id
                    AND l.direction = 'details' AND m.decision = 'approved'
                    AND m.decided_at > n.decided_at AND taken->>'name' = one->>'name'
            )
    ) AS kept
FROM billing_adjustments a
WHERE a.organisation_id = $1 AND a.month_id = $2 AND a.patient_id = ANY($3::uuid[])
    AND a.direction = 'details'
GROUP BY a.patient_id

-- looked through --
-- When somebody has approved details of a patient ($3), and which others waited on beside them then:
-- those were not looked through with them.
SELECT d.decided_at AS at, ARRAY(
        SELECT DISTINCT one->>'name' FROM billing_adjustments o
        LEFT JOIN billing_adjustment_decisions n ON n.adjustment_id = o.id
        CROSS JOIN LATERAL jsonb_array_elements(o.details) AS one
        WHERE o.month_id = a.month_id AND o.patient_id = a.patient_id AND o.id <> a.id
            AND o.direction = 'details' AND o.found_at <= d.decided_at
            AND (n.decided_at IS NULL OR n.decided_at > d.decided_at)
    ) AS but
FROM billing_adjustments a
JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
WHERE a.organisation_id = $1 AND a.month_id = $2 AND a.patient_id = $3
    AND a.direction = 'details' AND d.decision = 'approved'
ORDER BY d.decided_at

-- add --
INSERT INTO billing_adjustments (
    organisation_id, month_id, patient_id, month_version, direction, removed, added, before_sha256,
    after_sha256, after_body, causes, found_at, overpayment_identified_on, report_and_return_by,
    details
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
RETURNING id

-- decide --
INSERT INTO billing_adjustment_decisions (
    adjustment_id, organisation_id, decision, reason, decided_by, decided_at, version
)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (adjustment_id) DO NOTHING
RETURNING adjustment_id

-- recorders --
-- Who wrote entries down, and whose work they were.
SELECT e.id, e.user_id, e.recorded_by, e.recorded_at, e.started_at, e.reason, e.withdrawn,
    e.corrects, coalesce(nullif(u.display_name, ''), u.username) AS recorder
FROM time_entries e JOIN users u ON u.id = e.recorded_by
WHERE e.organisation_id = $1 AND (e.id = ANY($2::uuid[]) OR e.corrects = ANY($2::uuid[]))
ORDER BY e.recorded_at, e.id

-- changes --
-- What people have done since then ($3) on which lines may rest: around a patient ($4), to what
-- their payers ask, and to the rules.
SELECT c.*, coalesce(nullif(u.display_name, ''), u.username) AS actor_name
FROM (
    SELECT what, actor, at, reason FROM care_changes
    WHERE organisation_id = $1 AND patient_id = $2 AND at > $3 AND what = ANY($4::text[])
    UNION ALL
    SELECT 'what the payer asks of ' || code || ' changed', recorded_by, recorded_at, ''
    FROM payer_rules
    WHERE organisation_id = $1 AND recorded_at > $3
        AND payer IN (SELECT payer FROM coverages WHERE organisation_id = $1 AND patient_id = $2)
    UNION ALL
    SELECT 'rules ' || set_name || ' ' || kind, recorded_by, recorded_at, reason
    FROM rule_set_statements
    WHERE organisation_id = $1 AND recorded_at > $3
    UNION ALL
    SELECT what || ' changed', actor, at, ''
    FROM billing_record_changes
    WHERE organisation_id = $1 AND at > $3 AND (
        (what = 'payer' AND fields && ARRAY['authority', 'policy'] AND record_id IN (
            SELECT payer FROM coverages WHERE organisation_id = $1 AND patient_id = $2
        ))
        OR (what = 'practice' AND 'time_zone' = ANY(fields))
        OR (what = 'practitioner' AND record_id IN (
            SELECT practitioner_id FROM service_enrolments
            WHERE organisation_id = $1 AND patient_id = $2
        ))
    )
) c LEFT JOIN users u ON u.id = c.actor
ORDER BY c.at, c.what

-- detail changes --
-- What people have done since then ($3) to what claims say of a patient ($2): to what is known of
-- them, to the practice, to those who pay for them and to those who bill for them.
SELECT c.*, coalesce(nullif(u.display_name, ''), u.username, '') AS actor_name
FROM (
    SELECT what, CASE jsonb_typeof(facts->'after')
            WHEN 'object' THEN ARRAY(SELECT jsonb_object_keys(facts->'after')) ELSE '{}' END AS fields,
        actor, at, reason
    FROM care_changes
    WHERE organisation_id = $1 AND patient_id = $2 AND at > $3 AND what = ANY($4::text[])
    UNION ALL
    SELECT what || ' changed', fields, actor, at, ''
    FROM billing_record_changes
    WHERE organisation_id = $1 AND at > $3 AND (
        what = 'practice'
        OR record_id IN (
            SELECT payer FROM coverages WHERE organisation_id = $1 AND patient_id = $2
        ) OR record_id IN (
            SELECT practitioner_id FROM service_enrolments
            WHERE organisation_id = $1 AND patient_id = $2
        )
    )
    UNION ALL
    SELECT 'what the payer asks of a code changed', '{}', recorded_by, recorded_at, code
    FROM payer_rules
    WHERE organisation_id = $1 AND recorded_at > $3
        AND payer IN (SELECT payer FROM coverages WHERE organisation_id = $1 AND patient_id = $2)
    UNION ALL
    SELECT 'fees imported', '{}', imported_by, imported_at, name
    FROM fee_schedules
    WHERE organisation_id = $1 AND imported_at > $3 AND (
        payer IS NULL
        OR payer IN (SELECT payer FROM coverages WHERE organisation_id = $1 AND patient_id = $2)
    )
) c LEFT JOIN users u ON u.id = c.actor
ORDER BY c.at, c.what

-- alike --
-- What waits, and says the same of claims of several patients.
SELECT a.after_sha256
FROM billing_adjustments a
JOIN billing_months m ON m.id = a.month_id AND m.month = $2
LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
WHERE a.organisation_id = $1 AND a.direction = 'details' AND d.adjustment_id IS NULL
GROUP BY a.after_sha256
HAVING count(*) > 1
ORDER BY max(a.found_at) DESC, a.after_sha256

-- list --
-- What was worked out then is large, and of one only: it is needed to decide about it. A page of
-- them after $4 to $6, at most $7; of what waits and says the same of claims only $8, or all but $9.
SELECT a.id, m.month, a.month_id, a.patient_id, p.mrn, p.family_name, p.given_name, a.direction,
    a.removed, a.added, a.causes, a.found_at, a.overpayment_identified_on, a.report_and_return_by,
    CASE WHEN $3::uuid IS NOT NULL THEN a.after_body END AS after_body, a.after_sha256, a.details,
    d.decision, d.decided_at, d.reason, d.version,
    coalesce(nullif(u.display_name, ''), u.username) AS decided_by
FROM billing_adjustments a
JOIN billing_months m ON m.id = a.month_id
JOIN patients p ON p.id = a.patient_id
LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
LEFT JOIN users u ON u.id = d.decided_by
WHERE a.organisation_id = $1 AND ($2::text IS NULL OR m.month = $2)
    AND ($3::uuid IS NULL OR a.id = $3)
    AND ($4::boolean IS NULL OR (d.adjustment_id IS NOT NULL) > $4 OR (
        (d.adjustment_id IS NOT NULL) = $4
        AND (a.found_at < $5::timestamptz OR (a.found_at = $5 AND a.id > $6::uuid))
    ))
    AND ($8::text[] IS NULL OR (
        a.direction = 'details' AND d.adjustment_id IS NULL AND a.after_sha256 = ANY($8)
    ))
    AND NOT (
        a.direction = 'details' AND d.adjustment_id IS NULL AND a.after_sha256 = ANY($9::text[])
    )
ORDER BY (d.adjustment_id IS NULL) DESC, a.found_at DESC, a.id
LIMIT $7::int

-- newer --
-- Where the page begins before the one that begins after $3 to $5, of so many ($6) a page; without
-- what says the same of several claims ($7). None: it is the first.
SELECT d.adjustment_id IS NOT NULL AS decided, a.found_at, a.id
FROM billing_adjustments a
JOIN billing_months m ON m.id = a.month_id
LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
WHERE a.organisation_id = $1 AND m.month = $2
    AND NOT ((d.adjustment_id IS NOT NULL) > $3::boolean OR (
        (d.adjustment_id IS NOT NULL) = $3
        AND (a.found_at < $4::timestamptz OR (a.found_at = $4 AND a.id > $5::uuid))
    ))
    AND NOT (
        a.direction = 'details' AND d.adjustment_id IS NULL AND a.after_sha256 = ANY($7::text[])
    )
ORDER BY d.adjustment_id IS NOT NULL DESC, a.found_at, a.id DESC
OFFSET $6 LIMIT 1

-- waiting --
-- How many wait, by patient.
SELECT a.patient_id, count(*)::int AS waiting
FROM billing_adjustments a LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
WHERE a.organisation_id = $1 AND a.month_id = $2 AND d.adjustment_id IS NULL
GROUP BY a.patient_id

-- waiting of lines --
-- Which of these lines are not what was locked any more, as nobody has decided yet.
SELECT l.id, l.code
FROM billing_lines l
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[]) AND EXISTS (
    SELECT FROM billing_adjustments a
    LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
    WHERE a.organisation_id = $1 AND a.month_id = l.month_id AND a.patient_id = l.patient_id
        AND a.direction <> 'details' AND d.adjustment_id IS NULL
        AND jsonb_path_exists(
            a.removed || a.added, '$[*] ? (@.line_id == $id)',
            jsonb_build_object('id', l.id::text)
        )
)
ORDER BY l.code, l.id
