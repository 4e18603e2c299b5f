Readings of several patients as the rules want them: one query a kind, for its own columns.
$1 patients, $2 since when each, $3 their segments, $4 at most so many rows each, the newest.

-- blood_pressure --
SELECT w.segment, r.id, r.measured_at, r.received_at, r.local_day, r.utc_offset_s, r.flags, r.special,
    r.systolic, r.diastolic, r.mean, r.pulse
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'blood_pressure'
    ORDER BY r.measured_at DESC
    LIMIT $4
) r
ORDER BY w.segment, r.measured_at, r.id

-- weight --
SELECT w.segment, r.id, r.measured_at, r.received_at, r.local_day, r.utc_offset_s, r.flags, r.special,
    r.weight, r.bmi, r.height
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'weight'
    ORDER BY r.measured_at DESC
    LIMIT $4
) r
ORDER BY w.segment, r.measured_at, r.id

-- body_composition --
SELECT w.segment, r.id, r.measured_at, r.received_at, r.local_day, r.utc_offset_s, r.flags, r.special,
    r.body_fat, r.muscle_percentage, r.muscle_mass, r.fat_free_mass, r.soft_lean_mass, r.body_water_mass, r.impedance, r.basal_metabolism, r.weight, r.height
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'body_composition'
    ORDER BY r.measured_at DESC
    LIMIT $4
) r
ORDER BY w.segment, r.measured_at, r.id

-- glucose --
SELECT w.segment, r.id, r.measured_at, r.received_at, r.local_day, r.utc_offset_s, r.flags, r.special,
    r.glucose
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'glucose'
    ORDER BY r.measured_at DESC
    LIMIT $4
) r
ORDER BY w.segment, r.measured_at, r.id

-- oximetry --
SELECT w.segment, r.id, r.measured_at, r.received_at, r.local_day, r.utc_offset_s, r.flags, r.special,
    r.spo2, r.pulse, r.pulse_amplitude
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'oximetry'
    ORDER BY r.measured_at DESC
    LIMIT $4
) r
ORDER BY w.segment, r.measured_at, r.id

-- temperature --
SELECT w.segment, r.id, r.measured_at, r.received_at, r.local_day, r.utc_offset_s, r.flags, r.special,
    r.temperature
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'temperature'
    ORDER BY r.measured_at DESC
    LIMIT $4
) r
ORDER BY w.segment, r.measured_at, r.id

-- heart_rate --
SELECT w.segment, r.id, r.measured_at, r.received_at, r.local_day, r.utc_offset_s, r.flags, r.special,
    r.heart_rate
FROM unnest($1::uuid[], $2::timestamptz[], $3::int[]) AS w (patient_id, since, segment)
CROSS JOIN LATERAL (
    SELECT * FROM readings r
    WHERE r.patient_id = w.patient_id AND r.measured_at >= w.since AND r.kind = 'heart_rate'
    ORDER BY r.measured_at DESC
    LIMIT $4
) r
ORDER BY w.segment, r.measured_at, r.id
