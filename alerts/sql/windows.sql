Readings of several patients as the rules want them: one query a kind, for its own columns.
$1 patients, $2 since when each, $3 their segments, $4 at most so many rows each, the newest.

One row a patient: each column is what its rows have, the newest first, as PostgreSQL sends it: a
year of numbers is read from that in one step. What few rows have, flags and words for numbers, is
listed for those that `odd` marks.

-- blood_pressure --
SELECT w.segment, p.*
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT
        string_agg(uuid_send(r.id), ''),
        string_agg(timestamptz_send(r.measured_at), ''),
        string_agg(timestamptz_send(r.received_at), ''),
        string_agg(date_send(r.local_day), ''),
        string_agg(int4send(r.utc_offset_s), ''),
        string_agg(CASE WHEN r.odd THEN '\x01'::bytea ELSE '\x00' END, ''),
        array_agg(array_to_string(r.flags, ' ')) FILTER (WHERE r.odd),
        array_agg(r.special::text) FILTER (WHERE r.odd),
        string_agg(float8send(coalesce(r.systolic, 'NaN')), ''),
        string_agg(float8send(coalesce(r.diastolic, 'NaN')), ''),
        string_agg(float8send(coalesce(r.mean, 'NaN')), ''),
        string_agg(float8send(coalesce(r.pulse, 'NaN')), '')
    FROM (
        SELECT *, cardinality(r.flags) > 0 OR r.special IS NOT NULL AS odd
        FROM readings r
        WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'blood_pressure'
        ORDER BY r.measured_at DESC, r.id DESC
        LIMIT $4
    ) r
    HAVING count(*) > 0
) p
ORDER BY w.segment

-- weight --
SELECT w.segment, p.*
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT
        string_agg(uuid_send(r.id), ''),
        string_agg(timestamptz_send(r.measured_at), ''),
        string_agg(timestamptz_send(r.received_at), ''),
        string_agg(date_send(r.local_day), ''),
        string_agg(int4send(r.utc_offset_s), ''),
        string_agg(CASE WHEN r.odd THEN '\x01'::bytea ELSE '\x00' END, ''),
        array_agg(array_to_string(r.flags, ' ')) FILTER (WHERE r.odd),
        array_agg(r.special::text) FILTER (WHERE r.odd),
        string_agg(float8send(coalesce(r.weight, 'NaN')), ''),
        string_agg(float8send(coalesce(r.bmi, 'NaN')), ''),
        string_agg(float8send(coalesce(r.height, 'NaN')), '')
    FROM (
        SELECT *, cardinality(r.flags) > 0 OR r.special IS NOT NULL AS odd
        FROM readings r
        WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'weight'
        ORDER BY r.measured_at DESC, r.id DESC
        LIMIT $4
    ) r
    HAVING count(*) > 0
) p
ORDER BY w.segment

-- body_composition --
SELECT w.segment, p.*
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT
        string_agg(uuid_send(r.id), ''),
        string_agg(timestamptz_send(r.measured_at), ''),
        string_agg(timestamptz_send(r.received_at), ''),
        string_agg(date_send(r.local_day), ''),
        string_agg(int4send(r.utc_offset_s), ''),
        string_agg(CASE WHEN r.odd THEN '\x01'::bytea ELSE '\x00' END, ''),
        array_agg(array_to_string(r.flags, ' ')) FILTER (WHERE r.odd),
        array_agg(r.special::text) FILTER (WHERE r.odd),
        string_agg(float8send(coalesce(r.body_fat, 'NaN')), ''),
        string_agg(float8send(coalesce(r.muscle_percentage, 'NaN')), ''),
        string_agg(float8send(coalesce(r.muscle_mass, 'NaN')), ''),
        string_agg(float8send(coalesce(r.fat_free_mass, 'NaN')), ''),
        string_agg(float8send(coalesce(r.soft_lean_mass, 'NaN')), ''),
        string_agg(float8send(coalesce(r.body_water_mass, 'NaN')), ''),
        string_agg(float8send(coalesce(r.impedance, 'NaN')), ''),
        string_agg(float8send(coalesce(r.basal_metabolism, 'NaN')), ''),
        string_agg(float8send(coalesce(r.weight, 'NaN')), ''),
        string_agg(float8send(coalesce(r.height, 'NaN')), '')
    FROM (
        SELECT *, cardinality(r.flags) > 0 OR r.special IS NOT NULL AS odd
        FROM readings r
        WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'body_composition'
        ORDER BY r.measured_at DESC, r.id DESC
        LIMIT $4
    ) r
    HAVING count(*) > 0
) p
ORDER BY w.segment

-- glucose --
SELECT w.segment, p.*
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT
        string_agg(uuid_send(r.id), ''),
        string_agg(timestamptz_send(r.measured_at), ''),
        string_agg(timestamptz_send(r.received_at), ''),
        string_agg(date_send(r.local_day), ''),
        string_agg(int4send(r.utc_offset_s), ''),
        string_agg(CASE WHEN r.odd THEN '\x01'::bytea ELSE '\x00' END, ''),
        array_agg(array_to_string(r.flags, ' ')) FILTER (WHERE r.odd),
        array_agg(r.special::text) FILTER (WHERE r.odd),
        string_agg(float8send(coalesce(r.glucose, 'NaN')), '')
    FROM (
        SELECT *, cardinality(r.flags) > 0 OR r.special IS NOT NULL AS odd
        FROM readings r
        WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'glucose'
        ORDER BY r.measured_at DESC, r.id DESC
        LIMIT $4
    ) r
    HAVING count(*) > 0
) p
ORDER BY w.segment

-- oximetry --
SELECT w.segment, p.*
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT
        string_agg(uuid_send(r.id), ''),
        string_agg(timestamptz_send(r.measured_at), ''),
        string_agg(timestamptz_send(r.received_at), ''),
        string_agg(date_send(r.local_day), ''),
        string_agg(int4send(r.utc_offset_s), ''),
        string_agg(CASE WHEN r.odd THEN '\x01'::bytea ELSE '\x00' END, ''),
        array_agg(array_to_string(r.flags, ' ')) FILTER (WHERE r.odd),
        array_agg(r.special::text) FILTER (WHERE r.odd),
        string_agg(float8send(coalesce(r.spo2, 'NaN')), ''),
        string_agg(float8send(coalesce(r.pulse, 'NaN')), ''),
        string_agg(float8send(coalesce(r.pulse_amplitude, 'NaN')), '')
    FROM (
        SELECT *, cardinality(r.flags) > 0 OR r.special IS NOT NULL AS odd
        FROM readings r
        WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'oximetry'
        ORDER BY r.measured_at DESC, r.id DESC
        LIMIT $4
    ) r
    HAVING count(*) > 0
) p
ORDER BY w.segment

-- temperature --
SELECT w.segment, p.*
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT
        string_agg(uuid_send(r.id), ''),
        string_agg(timestamptz_send(r.measured_at), ''),
        string_agg(timestamptz_send(r.received_at), ''),
        string_agg(date_send(r.local_day), ''),
        string_agg(int4send(r.utc_offset_s), ''),
        string_agg(CASE WHEN r.odd THEN '\x01'::bytea ELSE '\x00' END, ''),
        array_agg(array_to_string(r.flags, ' ')) FILTER (WHERE r.odd),
        array_agg(r.special::text) FILTER (WHERE r.odd),
        string_agg(float8send(coalesce(r.temperature, 'NaN')), '')
    FROM (
        SELECT *, cardinality(r.flags) > 0 OR r.special IS NOT NULL AS odd
        FROM readings r
        WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'temperature'
        ORDER BY r.measured_at DESC, r.id DESC
        LIMIT $4
    ) r
    HAVING count(*) > 0
) p
ORDER BY w.segment

-- heart_rate --
SELECT w.segment, p.*
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT
        string_agg(uuid_send(r.id), ''),
        string_agg(timestamptz_send(r.measured_at), ''),
        string_agg(timestamptz_send(r.received_at), ''),
        string_agg(date_send(r.local_day), ''),
        string_agg(int4send(r.utc_offset_s), ''),
        string_agg(CASE WHEN r.odd THEN '\x01'::bytea ELSE '\x00' END, ''),
        array_agg(array_to_string(r.flags, ' ')) FILTER (WHERE r.odd),
        array_agg(r.special::text) FILTER (WHERE r.odd),
        string_agg(float8send(coalesce(r.heart_rate, 'NaN')), '')
    FROM (
        SELECT *, cardinality(r.flags) > 0 OR r.special IS NOT NULL AS odd
        FROM readings r
        WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'heart_rate'
        ORDER BY r.measured_at DESC, r.id DESC
        LIMIT $4
    ) r
    HAVING count(*) > 0
) p
ORDER BY w.segment
