What pages of billing ask besides the read models.

-- line --
-- Where a line stands, and as what.
SELECT l.id, l.patient_id, m.month, m.version AS month_version, l.code, l.service, l.scope, l.units,
    l.dos, l.window_from, l.window_to, l.status, l.version, l.present, l.lacks, l.exported,
    l.claim_number, l.original_claim, p.family_name, p.given_name, (
        SELECT count(*)::int FROM billing_adjustments a
        LEFT JOIN billing_adjustment_decisions d ON d.adjustment_id = a.id
        WHERE a.organisation_id = $1 AND a.month_id = l.month_id AND a.patient_id = l.patient_id
            AND d.adjustment_id IS NULL
    ) AS waiting,
    h.reason AS held_for, h.held_at, coalesce(nullif(u.display_name, ''), u.username) AS held_by
FROM billing_lines l
JOIN billing_months m ON m.id = l.month_id
JOIN patients p ON p.id = l.patient_id
LEFT JOIN billing_holds h ON h.line_id = l.id AND h.released_at IS NULL
LEFT JOIN users u ON u.id = h.held_by
WHERE l.organisation_id = $1 AND l.id = $2

-- went before --
-- Of lines that have not gone out themselves: what has, and they stand in the place of.
SELECT l.id, o.code AS instead_of
FROM billing_lines l JOIN billing_lines o ON o.id = l.replaces
WHERE l.organisation_id = $1 AND l.id = ANY($2::uuid[]) AND NOT l.exported AND o.exported
