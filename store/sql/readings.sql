-- The write path of readings. Every list of columns here is held to the registry by a test.

-- insert_keys --
-- Who is new? In the order of the key: two workers with the same readings would deadlock without.
INSERT INTO reading_keys (id, measured_at, gateway_id, seq, digest, received_at)
SELECT id, measured_at, gateway_id, seq, digest, $1::timestamptz
FROM unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::int8[], $6::bytea[])
    AS new (id, measured_at, gateway_id, seq, digest)
ORDER BY id
ON CONFLICT (id) DO NOTHING
RETURNING id

-- known_digests --
SELECT id, digest FROM reading_keys WHERE id = ANY($1::uuid[])

-- insert_readings --
-- New readings, and the rows that ask for their evaluation, in one step. A column of nulls comes
-- as one NULL instead of an array: unnest fills it up. A row whose device, kind and instant are
-- taken is left out; the count in the command's status tells.
WITH stored AS (
    INSERT INTO readings (
        received_at,
        id, organisation_id, gateway_id, device, device_id, assignment_id, patient_id,
        kind, measured_at, utc_offset_s, local_day, time_quality, device_time,
        clock_drift_s, sent_at, sequence, seq, user_slot, flags, special, context, frame,
        profile, attribution, reason, conflict_with, variant, systolic, diastolic, mean,
        pulse, heart_rate, weight, height, bmi, body_fat, muscle_percentage, muscle_mass,
        fat_free_mass, soft_lean_mass, body_water_mass, impedance, basal_metabolism,
        glucose, spo2, pulse_amplitude, temperature
    )
    SELECT
        $1::timestamptz,
        id, organisation_id, gateway_id, device, device_id, assignment_id, patient_id,
        kind, measured_at, utc_offset_s, local_day, time_quality, device_time,
        clock_drift_s, sent_at, sequence, seq, user_slot, coalesce(flags::text[], '{}'),
        special, context, frame, profile, attribution, reason, conflict_with,
        coalesce(variant, 0), systolic, diastolic, mean, pulse, heart_rate, weight, height,
        bmi, body_fat, muscle_percentage, muscle_mass, fat_free_mass, soft_lean_mass,
        body_water_mass, impedance, basal_metabolism, glucose, spo2, pulse_amplitude,
        temperature
    FROM unnest(
        $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[],
        $9::text[], $10::timestamptz[], $11::int4[], $12::date[], $13::text[],
        $14::timestamp[], $15::float8[], $16::timestamptz[], $17::int8[], $18::int8[],
        $19::int2[], $20::text[], $21::jsonb[], $22::jsonb[], $23::bytea[], $24::text[],
        $25::text[], $26::text[], $27::uuid[], $28::int2[], $29::float8[], $30::float8[],
        $31::float8[], $32::float8[], $33::float8[], $34::float8[], $35::float8[],
        $36::float8[], $37::float8[], $38::float8[], $39::float8[], $40::float8[],
        $41::float8[], $42::float8[], $43::float8[], $44::float8[], $45::float8[],
        $46::float8[], $47::float8[], $48::float8[]
    ) AS new (
        id, organisation_id, gateway_id, device, device_id, assignment_id, patient_id,
        kind, measured_at, utc_offset_s, local_day, time_quality, device_time,
        clock_drift_s, sent_at, sequence, seq, user_slot, flags, special, context, frame,
        profile, attribution, reason, conflict_with, variant, systolic, diastolic, mean,
        pulse, heart_rate, weight, height, bmi, body_fat, muscle_percentage, muscle_mass,
        fat_free_mass, soft_lean_mass, body_water_mass, impedance, basal_metabolism,
        glucose, spo2, pulse_amplitude, temperature
    )
    ORDER BY measured_at, device, kind, variant
    ON CONFLICT (measured_at, device, kind, variant) DO NOTHING
    RETURNING organisation_id, id, measured_at, patient_id, kind, attribution
)
INSERT INTO evaluation_queue
    (organisation_id, reading_id, measured_at, patient_id, kind, attribution, enqueued_at)
SELECT organisation_id, id, measured_at, patient_id, kind, attribution, $1::timestamptz FROM stored

-- claims --
-- All readings at these instants of a device; no instant is asked twice.
SELECT readings.*
FROM unnest($1::timestamptz[], $2::text[], $3::text[]) AS asked (measured_at, device, kind)
JOIN readings USING (measured_at, device, kind)

-- merge_progress --
-- A hole between the numbers received is a gap since it was first seen, until it is closed.
INSERT INTO gateway_progress AS known (gateway_id, received, gap_since, updated_at)
SELECT
    gateway_id,
    received,
    CASE WHEN received <> range_merge(received)::int8multirange THEN $1::timestamptz END,
    $1::timestamptz
FROM unnest($2::text[], $3::text[]::int8multirange[]) AS new (gateway_id, received)
ORDER BY gateway_id
ON CONFLICT (gateway_id) DO UPDATE SET
    received = known.received + EXCLUDED.received,
    gap_since = CASE
        WHEN known.received + EXCLUDED.received
            <> range_merge(known.received + EXCLUDED.received)::int8multirange
        THEN coalesce(known.gap_since, $1::timestamptz)
    END,
    updated_at = $1::timestamptz
