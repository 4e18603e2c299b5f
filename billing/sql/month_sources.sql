What a month is worked out from, of the whole organisation and of many patients at once. Everything
is read from what was measured and written down; nothing from sums that somebody has kept.

-- practice --
SELECT o.name, o.time_zone, o.phone AS clinic_phone, p.*
FROM organisations o LEFT JOIN practice_profiles p ON p.organisation_id = o.id
WHERE o.id = $1

-- payers --
SELECT id, key, name, payer_id, authority, filing_code, claim_form, corrects_by, date_range, policy
FROM payers
WHERE organisation_id = $1

-- payer_rules --
-- The latest version of each code and date that is not withdrawn.
SELECT * FROM (
    SELECT DISTINCT ON (payer, code, effective_from)
        payer, code, effective_from, effective_to, version, rule, withdrawn, source,
        source_read_on, confirmed_through
    FROM payer_rules
    WHERE organisation_id = $1
    ORDER BY payer, code, effective_from, version DESC
) latest
WHERE NOT withdrawn
ORDER BY payer, code, effective_from

-- practitioners --
SELECT id, family_name, given_name, npi, credential FROM practitioners WHERE organisation_id = $1

-- fees --
SELECT s.id AS schedule, s.payer, s.effective_from, s.effective_to, s.version, s.imported_at,
    f.code, f.modifier, f.locality, f.amount, f.charge
FROM fee_schedules s JOIN fees f ON f.schedule_id = s.id
WHERE s.organisation_id = $1 AND s.effective_from <= $3
    AND (s.effective_to IS NULL OR s.effective_to >= $2)
ORDER BY s.effective_from, s.version, s.imported_at

-- clashing --
-- Entries of one person for two patients, or in two services, at once: outer edges that meet.
WITH around AS (
    SELECT e.id, e.user_id, e.patient_id, e.started_at, e.ended_at
    FROM time_entries e
    WHERE e.organisation_id = $1 AND e.ended_at > $2 AND e.started_at < $3
        AND e.started_at > $2::timestamptz - INTERVAL '8 days' AND NOT e.withdrawn
        AND NOT EXISTS (SELECT FROM time_entries c WHERE c.corrects = e.id)
), marked AS (
    SELECT id,
        max(ended_at) OVER before > started_at AS meets_before,
        lead(started_at) OVER person < ended_at AS meets_after
    FROM around
    WINDOW person AS (PARTITION BY user_id ORDER BY started_at, id),
        before AS (person ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
)
SELECT e.id, e.patient_id, e.user_id, e.credential, e.role, e.service, e.mode, e.with_whom,
    e.activity, e.started_at, e.ended_at, e.spans
FROM marked m JOIN time_entries e USING (id)
WHERE m.meets_before OR m.meets_after

-- patients --
SELECT p.id, p.mrn, p.family_name, p.given_name, p.birth_date, p.sex, p.time_zone, p.phone,
    a.address
FROM patients p LEFT JOIN billing_addresses a ON a.patient_id = p.id
WHERE p.organisation_id = $1 AND p.id = ANY($2::uuid[])

-- phones --
-- Whom to call: no month is made of it.
SELECT id, phone FROM patients WHERE organisation_id = $1 AND id = ANY($2::uuid[])

-- episodes --
SELECT patient_id, id, programme, starts_at, ends_at, end_reason
FROM episodes
WHERE organisation_id = $1 AND patient_id = ANY($2::uuid[])
ORDER BY patient_id, starts_at, id

-- enrolments --
SELECT s.patient_id, s.id, s.episode_id, s.service, s.practitioner_id, s.starts_on, s.ends_on,
    s.end_reason, s.established_on, s.established_by, s.taught_on, s.taught_by, s.rtm_kind, s.pauses,
    s.starts_on::timestamp AT TIME ZONE p.time_zone AS begins_at
FROM service_enrolments s JOIN patients p ON p.id = s.patient_id
WHERE s.organisation_id = $1 AND s.patient_id = ANY($2::uuid[])
ORDER BY s.patient_id, s.service, s.starts_on, s.id

-- consents --
SELECT c.patient_id, c.kind, c.method, c.given_at, c.withdrawn_at, c.given_by,
    coalesce(t.language || ' ' || t.version, '') AS text_version,
    coalesce(nullif(u.display_name, ''), u.username, '') AS recorded_by
FROM consents c
LEFT JOIN consent_texts t ON t.id = c.text_id
LEFT JOIN users u ON u.id = c.recorded_by
WHERE c.organisation_id = $1 AND c.patient_id = ANY($2::uuid[])
    AND c.kind IN ('monitoring', 'billing', 'ccm', 'pcm', 'bhi')
ORDER BY c.patient_id, c.given_at, c.id

-- orders --
SELECT patient_id, ordered_by, npi, ordered_at, starts_at, ends_at, diagnoses, kinds
FROM orders
WHERE organisation_id = $1 AND patient_id = ANY($2::uuid[])
ORDER BY patient_id, starts_at, id

-- coverages --
SELECT patient_id, id, payer, member_id, prior_auth, starts_on, ends_on, rank
FROM coverages
WHERE organisation_id = $1 AND patient_id = ANY($2::uuid[])
ORDER BY patient_id, rank, starts_on, id

-- authorisations --
SELECT c.patient_id, a.coverage_id, a.number, a.codes, a.first_on, a.last_on
FROM prior_authorisations a JOIN coverages c ON c.id = a.coverage_id
WHERE a.organisation_id = $1 AND c.patient_id = ANY($2::uuid[]) AND a.withdrawn_at IS NULL
ORDER BY c.patient_id, a.first_on, a.number

-- attestations --
SELECT patient_id, what, on_day, until_day, stated_by
FROM attestations
WHERE organisation_id = $1 AND patient_id = ANY($2::uuid[]) AND withdrawn_at IS NULL
ORDER BY patient_id, on_day, what, id

-- others --
SELECT patient_id, code, service, first_on, last_on, starts_at, ends_at
FROM other_services
WHERE organisation_id = $1 AND patient_id = ANY($2::uuid[]) AND withdrawn_at IS NULL
ORDER BY patient_id, first_on, id

-- billed --
-- Lines of other months that somebody has approved: nothing of them is billed again.
SELECT l.patient_id, l.id, l.stretch_id, l.service, l.scope, l.code, l.window_from, l.window_to
FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
WHERE l.organisation_id = $1 AND l.patient_id = ANY($2::uuid[]) AND m.month <> $3
    AND l.status = ANY($4::text[])
ORDER BY l.patient_id, l.window_from, l.id

-- assignments --
-- With the UDI that holds: what people have said last, else what the device has; see care.udis.
SELECT a.patient_id, a.device_id, a.starts_at, a.ends_at, d.profile, d.label, d.serial, d.address,
    coalesce(
        (SELECT u.udi FROM device_udis u
         WHERE u.device_id = d.id AND u.source = 'person' ORDER BY u.id DESC LIMIT 1),
        (SELECT u.udi FROM device_udis u
         WHERE u.device_id = d.id AND u.source = 'device' ORDER BY u.id DESC LIMIT 1)
    ) AS udi
FROM device_assignments a JOIN devices d ON d.id = a.device_id
WHERE a.organisation_id = $1 AND a.patient_id = ANY($2::uuid[])
    AND a.starts_at < $4 AND (a.ends_at IS NULL OR a.ends_at > $3)
ORDER BY a.patient_id, a.starts_at, a.device_id

-- readings --
-- By measurement, with their local day as it was fixed then. What is held back is nobody's.
SELECT r.patient_id, r.id, r.device_id, r.kind, r.profile, r.measured_at, r.received_at,
    r.local_day, r.flags && $5::text[] AS no_value
FROM readings r
WHERE r.organisation_id = $1 AND r.patient_id = ANY($2::uuid[])
    AND r.measured_at >= $3 AND r.measured_at < $4
    AND r.attribution = ANY($6::text[])
ORDER BY r.patient_id, r.measured_at, r.id

-- first readings --
-- What may begin the first device period of each stretch: the first reading that came in time by any
-- reckoning ($10), whatever was measured before it that may have ($8), and what has an earlier local
-- day although it was measured after. Which of them it is the evaluator says.
SELECT w.patient_id, r.id, r.device_id, r.kind, r.profile, r.measured_at, r.received_at,
    r.local_day, false AS no_value
FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS w (patient_id, since, until)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.organisation_id = $1 AND r.patient_id = w.patient_id
        AND r.measured_at >= w.since AND r.measured_at < w.until
        AND r.attribution = ANY($6::text[]) AND r.device_id IS NOT NULL
        AND NOT r.flags && $5::text[] AND r.profile <> ALL($7::text[])
        AND r.received_at < r.measured_at + $8::interval
        AND r.received_at >= r.measured_at - $9::interval
        AND r.measured_at <= coalesce((
            SELECT s.measured_at + INTERVAL '27 hours' FROM readings s
            WHERE s.organisation_id = $1 AND s.patient_id = w.patient_id
                AND s.measured_at >= w.since AND s.measured_at < w.until
                AND s.attribution = ANY($6::text[]) AND s.device_id IS NOT NULL
                AND NOT s.flags && $5::text[] AND s.profile <> ALL($7::text[])
                AND s.received_at <= s.measured_at + $10::interval
                AND s.received_at >= s.measured_at - $9::interval
            ORDER BY s.measured_at
            LIMIT 1
        ), w.until)
) r

-- entries --
-- Entries that count and touch the month; how many rows stood in their place before.
SELECT e.patient_id, e.id, e.user_id, e.staff_name, e.credential, e.role, e.service, e.activity,
    e.mode, e.with_whom, e.note, e.started_at, e.ended_at, e.spans, e.recorded_at, e.corrects,
    coalesce(nullif(u.display_name, ''), u.username, '') AS recorder_name
FROM time_entries e LEFT JOIN users u ON u.id = e.recorded_by
WHERE e.organisation_id = $1 AND e.patient_id = ANY($2::uuid[])
    AND e.started_at < $4 AND e.ended_at > $3 AND e.started_at > $3::timestamptz - INTERVAL '8 days'
    AND NOT e.withdrawn AND NOT EXISTS (SELECT FROM time_entries c WHERE c.corrects = e.id)
ORDER BY e.patient_id, e.started_at, e.id

-- replaced --
-- How many rows stood before each of these.
WITH RECURSIVE line AS (
    SELECT e.id AS now, e.corrects FROM time_entries e
    WHERE e.organisation_id = $1 AND e.id = ANY($2::uuid[]) AND e.corrects IS NOT NULL
    UNION ALL
    SELECT l.now, o.corrects FROM line l JOIN time_entries o ON o.id = l.corrects
    WHERE o.corrects IS NOT NULL
)
SELECT now, count(*)::int AS edited FROM line GROUP BY now
