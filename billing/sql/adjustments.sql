What happened after a month was locked, and what was decided about it.

-- frozen --
-- What a locked month says of these patients now: of each the latest version.
SELECT DISTINCT ON (patient_id) patient_id, version, body, sha256, facts_sha256, evaluated_at
FROM billing_month_patients
WHERE organisation_id = $1 AND month_id = $2 AND version > 0 AND patient_id = ANY($3::uuid[])
ORDER BY patient_id, version DESC

-- latest --
-- Of each patient what was found last, and whether it waits.
SELECT DISTINCT ON (a.patient_id) a.patient_id, a.id, a.after_sha256, d.decision
FROM billing_adjustments a LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
WHERE a.organisation_id = $1 AND a.month_id = $2 AND a.patient_id = ANY($3::uuid[])
ORDER BY a.patient_id, a.found_at DESC, a.id

-- add --
INSERT INTO billing_adjustments (
    organisation_id, month_id, patient_id, month_version, direction, removed, added, before_sha256,
    after_sha256, after_body, causes, found_at, overpayment_identified_on, report_and_return_by
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
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
) c LEFT JOIN users u ON u.id = c.actor
ORDER BY c.at, c.what

-- list --
SELECT a.id, m.month, a.month_id, a.patient_id, p.mrn, p.family_name, p.given_name, a.direction,
    a.removed, a.added, a.causes, a.found_at, a.overpayment_identified_on, a.report_and_return_by,
    a.after_body, a.after_sha256, d.decision, d.decided_at, d.reason, d.version,
    coalesce(nullif(u.display_name, ''), u.username) AS decided_by
FROM billing_adjustments a
JOIN billing_months m ON m.id = a.month_id
JOIN patients p ON p.id = a.patient_id
LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
LEFT JOIN users u ON u.id = d.decided_by
WHERE a.organisation_id = $1 AND ($2::text IS NULL OR m.month = $2)
    AND ($3::uuid IS NULL OR a.id = $3)
ORDER BY (d.adjustment_id IS NULL) DESC, a.found_at DESC, a.id

-- waiting --
-- How many wait, by patient.
SELECT a.patient_id, count(*)::int AS waiting
FROM billing_adjustments a LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
WHERE a.organisation_id = $1 AND a.month_id = $2 AND d.adjustment_id IS NULL
GROUP BY a.patient_id
