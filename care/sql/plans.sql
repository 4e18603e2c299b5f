Versions of patients' plans. Who changes them has the patient's row locked: care.changes.

-- history --
-- The latest first.
SELECT plan_versions.id, plan_versions.organisation_id, plan_versions.patient_id, version,
    effective_from, effective_to, programme, programme_version, overrides::text AS overrides,
    resolved::text AS resolved, reason, created_by, users.username, plan_versions.created_at,
    ended_by, end_reason, withdrawn_at, withdrawn_by, withdrawer.username AS withdrawn_username,
    withdraw_reason
FROM plan_versions
LEFT JOIN users ON users.id = created_by
LEFT JOIN users AS withdrawer ON withdrawer.id = withdrawn_by
WHERE plan_versions.organisation_id = $1 AND plan_versions.patient_id = $2
ORDER BY version DESC
LIMIT $3

-- add --
INSERT INTO plan_versions
    (organisation_id, patient_id, version, effective_from, effective_to, programme,
    programme_version, overrides, resolved, reason, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9::text::jsonb, $10, $11, $12)

-- close --
UPDATE plan_versions SET effective_to = $2
WHERE id = $1 AND end_reason IS NULL AND withdrawn_at IS NULL

-- withdraw --
UPDATE plan_versions SET withdrawn_at = $2, withdrawn_by = $3, withdraw_reason = $4
WHERE id = $1 AND withdrawn_at IS NULL

-- hold_on --
-- To the end of the withdrawn one, which may have been said by a person.
UPDATE plan_versions SET effective_to = $2, ended_by = $3, end_reason = $4
WHERE id = $1 AND end_reason IS NULL AND withdrawn_at IS NULL

-- end --
UPDATE plan_versions SET effective_to = $2, ended_by = $3, end_reason = $4
WHERE id = $1 AND effective_to IS NULL AND withdrawn_at IS NULL

-- evaluate_since --
-- No reading came, but what is known from then on has changed.
INSERT INTO evaluation_queue (organisation_id, patient_id, measured_at, kind, attribution)
SELECT $1, $2, $3, kind, 'assigned'
FROM unnest($4::text[]) AS kind

-- standing --
-- Which versions matter to patients since an instant: cheap, for what they say is mostly known.
SELECT id, effective_to
FROM plan_versions
WHERE patient_id = ANY($1::uuid[]) AND (effective_to IS NULL OR effective_to > $2)
    AND withdrawn_at IS NULL
ORDER BY patient_id, effective_from

-- bodies --
SELECT id, organisation_id, patient_id, version, effective_from, effective_to,
    programme, programme_version, overrides::text AS overrides, resolved::text AS resolved
FROM plan_versions
WHERE id = ANY($1::uuid[])

-- with_plans --
-- Everybody with a plan that is in force now or will be.
SELECT DISTINCT patient_id FROM plan_versions
WHERE (effective_to IS NULL OR effective_to > $1) AND withdrawn_at IS NULL
