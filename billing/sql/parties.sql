Practice, practitioners, payers and their rules, who is covered, enrolled in what, and fees.

-- note record change --
INSERT INTO billing_record_changes (organisation_id, what, record_id, fields, actor, at)
VALUES ($1, $2, $3, $4, $5, $6)

-- practice --
SELECT legal_name, npi, tax_id, taxonomy, address, contact_name, phone, submitter_id, receiver_id,
    receiver_name, place_of_service, fee_locality, second_person
FROM practice_profiles
WHERE organisation_id = $1

-- set practice --
INSERT INTO practice_profiles (
    organisation_id, legal_name, npi, tax_id, taxonomy, address, contact_name, phone, submitter_id,
    receiver_id, receiver_name, place_of_service, second_person, updated_by, updated_at,
    fee_locality
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (organisation_id) DO UPDATE SET legal_name = $2, npi = $3, tax_id = $4, taxonomy = $5,
    address = $6, contact_name = $7, phone = $8, submitter_id = $9, receiver_id = $10,
    receiver_name = $11, place_of_service = $12, second_person = $13, updated_by = $14,
    updated_at = $15, fee_locality = $16

-- practitioners --
SELECT id, family_name, given_name, npi, credential, user_id, retired_at
FROM practitioners
WHERE organisation_id = $1
ORDER BY retired_at IS NOT NULL, family_name, given_name, id

-- add practitioner --
INSERT INTO practitioners (
    organisation_id, family_name, given_name, npi, credential, user_id, created_at, created_by
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (organisation_id, npi) DO NOTHING
RETURNING id

-- change practitioner --
UPDATE practitioners SET family_name = $3, given_name = $4, npi = $5, credential = $6, user_id = $7
WHERE organisation_id = $1 AND id = $2
RETURNING id

-- retire practitioner --
UPDATE practitioners SET retired_at = $3
WHERE organisation_id = $1 AND id = $2 AND retired_at IS NULL
RETURNING id

-- other with npi --
SELECT EXISTS (
    SELECT FROM practitioners WHERE organisation_id = $1 AND npi = $2 AND id IS DISTINCT FROM $3
)

-- staff member --
SELECT EXISTS (
    SELECT FROM users
    WHERE organisation_id = $1 AND id = $2 AND role NOT IN ('patient', 'caregiver')
)

-- payers --
SELECT id, key, name, payer_id, authority, filing_code, claim_form, corrects_by, date_range, policy,
    retired_at
FROM payers
WHERE organisation_id = $1
ORDER BY retired_at IS NOT NULL, name, key

-- add payer --
INSERT INTO payers (
    organisation_id, key, name, payer_id, authority, filing_code, claim_form, corrects_by,
    date_range, policy, created_at, updated_at, updated_by
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12)
ON CONFLICT (organisation_id, key) DO NOTHING
RETURNING id

-- change payer --
UPDATE payers SET name = $3, payer_id = $4, authority = $5, filing_code = $6, claim_form = $7,
    corrects_by = $8, date_range = $9, policy = $10, updated_at = $11, updated_by = $12
WHERE organisation_id = $1 AND id = $2
RETURNING id

-- payer rules --
-- The latest version of each code and date.
SELECT DISTINCT ON (code, effective_from)
    id, payer, code, effective_from, effective_to, version, rule, withdrawn, source,
    source_read_on, confirmed_through, recorded_at
FROM payer_rules
WHERE organisation_id = $1 AND payer = $2
ORDER BY code, effective_from, version DESC

-- add payer rule --
INSERT INTO payer_rules (
    organisation_id, payer, code, effective_from, effective_to, version, rule, withdrawn, source,
    source_read_on, confirmed_through, recorded_by, recorded_at
)
SELECT $1, $2, $3, $4, $5, coalesce(max(r.version), 0) + 1, $6, $7, $8, $9, $10, $11, $12
FROM payer_rules r
WHERE r.organisation_id = $1 AND r.payer = $2 AND r.code = $3 AND r.effective_from = $4
RETURNING id

-- lock payer --
SELECT id FROM payers WHERE organisation_id = $1 AND id = $2 FOR UPDATE

-- coverages --
SELECT c.id, c.payer, p.name AS payer_name, p.key AS payer_key, c.member_id, c.prior_auth,
    c.starts_on, c.ends_on, c.rank
FROM coverages c JOIN payers p ON p.id = c.payer
WHERE c.organisation_id = $1 AND c.patient_id = $2
ORDER BY c.ends_on IS NOT NULL, c.rank, c.starts_on, c.id

-- add coverage --
INSERT INTO coverages (
    organisation_id, patient_id, payer, member_id, prior_auth, starts_on, ends_on, rank,
    recorded_by, recorded_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING id

-- correct coverage --
UPDATE coverages SET payer = $4, member_id = $5, prior_auth = $6
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3

-- end coverage --
UPDATE coverages SET ends_on = $4
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3
RETURNING id

-- authorisations --
SELECT a.id, a.coverage_id, a.number, a.codes, a.first_on, a.last_on
FROM prior_authorisations a JOIN coverages c ON c.id = a.coverage_id
WHERE a.organisation_id = $1 AND c.patient_id = $2 AND a.withdrawn_at IS NULL
ORDER BY a.first_on, a.number, a.id

-- add authorisation --
INSERT INTO prior_authorisations (
    organisation_id, coverage_id, number, codes, first_on, last_on, recorded_by, recorded_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id

-- address --
SELECT address FROM billing_addresses WHERE organisation_id = $1 AND patient_id = $2

-- set address --
INSERT INTO billing_addresses (patient_id, organisation_id, address, updated_by, updated_at)
VALUES ($2, $1, $3, $4, $5)
ON CONFLICT (patient_id) DO UPDATE SET address = $3, updated_by = $4, updated_at = $5

-- enrolments --
SELECT s.id, s.episode_id, s.service, s.practitioner_id, s.starts_on, s.ends_on, s.end_reason,
    s.established_on, s.established_by, s.taught_on, s.taught_by, s.rtm_kind, s.pauses,
    nullif(concat_ws(' ', r.given_name, r.family_name), '') AS practitioner
FROM service_enrolments s LEFT JOIN practitioners r ON r.id = s.practitioner_id
WHERE s.organisation_id = $1 AND s.patient_id = $2
ORDER BY s.ends_on IS NOT NULL, s.service, s.starts_on DESC, s.id

-- add enrolment --
INSERT INTO service_enrolments (
    organisation_id, patient_id, episode_id, service, practitioner_id, starts_on, established_on,
    established_by, taught_on, taught_by, rtm_kind, pauses, recorded_by, recorded_at, updated_by,
    updated_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $13, $14)
RETURNING id

-- change enrolment --
UPDATE service_enrolments SET episode_id = $4, practitioner_id = $5, starts_on = $6,
    established_on = $7, established_by = $8, taught_on = $9, taught_by = $10, rtm_kind = $11,
    pauses = $12, updated_by = $13, updated_at = $14
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3
RETURNING id

-- end enrolment --
UPDATE service_enrolments SET ends_on = $4, end_reason = $5, updated_by = $6, updated_at = $7
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3 AND ends_on IS NULL
RETURNING id

-- episode at --
-- The patient's episode on a day; of several the one that began last.
SELECT e.id FROM episodes e JOIN patients p ON p.id = e.patient_id
WHERE e.organisation_id = $1 AND e.patient_id = $2
    AND (e.starts_at AT TIME ZONE p.time_zone)::date <= $3
    AND (e.ends_at IS NULL OR (e.ends_at AT TIME ZONE p.time_zone)::date >= $3)
ORDER BY e.starts_at DESC, e.id
LIMIT 1

-- statements --
SELECT id, what, on_day, until_day, stated_by, withdrawn_at
FROM attestations
WHERE organisation_id = $1 AND patient_id = $2 AND withdrawn_at IS NULL
ORDER BY on_day DESC, what, id

-- add statement --
INSERT INTO attestations (
    organisation_id, patient_id, what, on_day, until_day, stated_by, recorded_by, recorded_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id

-- withdraw statement --
UPDATE attestations SET withdrawn_at = $4
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3 AND withdrawn_at IS NULL
RETURNING id

-- others --
SELECT id, code, service, first_on, last_on, starts_at, ends_at, note
FROM other_services
WHERE organisation_id = $1 AND patient_id = $2 AND withdrawn_at IS NULL
ORDER BY first_on DESC NULLS LAST, code, id

-- add other --
INSERT INTO other_services (
    organisation_id, patient_id, code, service, first_on, last_on, starts_at, ends_at, note,
    recorded_by, recorded_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id

-- withdraw other --
UPDATE other_services SET withdrawn_at = $4
WHERE organisation_id = $1 AND patient_id = $2 AND id = $3 AND withdrawn_at IS NULL
RETURNING id

-- schedules --
SELECT s.id, s.payer, p.name AS payer_name, s.name, s.effective_from, s.effective_to, s.version,
    s.sha256, s.imported_at, coalesce(nullif(u.display_name, ''), u.username, '') AS imported_by,
    (SELECT count(*) FROM fees f WHERE f.schedule_id = s.id)::int AS codes,
    ARRAY(SELECT DISTINCT f.locality FROM fees f WHERE f.schedule_id = s.id ORDER BY 1)
        AS localities,
    coalesce((SELECT fee_locality FROM practice_profiles WHERE organisation_id = $1), '') AS stated
FROM fee_schedules s LEFT JOIN payers p ON p.id = s.payer LEFT JOIN users u ON u.id = s.imported_by
WHERE s.organisation_id = $1
ORDER BY s.effective_from DESC, s.payer NULLS FIRST, s.version DESC, s.id

-- add schedule --
INSERT INTO fee_schedules (
    organisation_id, payer, name, effective_from, effective_to, version, sha256, imported_by,
    imported_at
)
SELECT $1, $2, $3, $4, $5, coalesce(max(s.version), 0) + 1, $6, $7, $8
FROM fee_schedules s
WHERE s.organisation_id = $1 AND s.payer IS NOT DISTINCT FROM $2 AND s.effective_from = $4
RETURNING id

-- add fees --
INSERT INTO fees (schedule_id, organisation_id, code, modifier, locality, amount, charge)
SELECT $2, $1, * FROM unnest($3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[])

-- fees --
SELECT code, modifier, locality, amount, charge FROM fees
WHERE organisation_id = $1 AND schedule_id = $2
ORDER BY code, modifier, locality
