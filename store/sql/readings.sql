-- The write path of readings. Every list of columns here is held to the registry by a test.

-- insert_keys --
-- Who is new? In the order of the key: two workers with the same readings would deadlock without.
INSERT INTO reading_keys (id, measured_at, digest, received_at)
SELECT id, measured_at, digest, $1::timestamptz
FROM (
    SELECT
        unnest($2::uuid[]) AS id,
        unnest($3::timestamptz[]) AS measured_at,
        unnest($4::bytea[]) AS digest
) AS new
ORDER BY id
ON CONFLICT (id) DO NOTHING
RETURNING id

-- any_known --
SELECT EXISTS (SELECT FROM reading_keys WHERE id = ANY($1::uuid[]))

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
    FROM (
        SELECT
            unnest($2::uuid[]) AS id, unnest($3::uuid[]) AS organisation_id,
            unnest($4::text[]) AS gateway_id, unnest($5::text[]) AS device,
            unnest($6::uuid[]) AS device_id, unnest($7::uuid[]) AS assignment_id,
            unnest($8::uuid[]) AS patient_id, unnest($9::text[]) AS kind,
            unnest($10::timestamptz[]) AS measured_at, unnest($11::int4[]) AS utc_offset_s,
            unnest($12::date[]) AS local_day, unnest($13::text[]) AS time_quality,
            unnest($14::timestamp[]) AS device_time, unnest($15::float8[]) AS clock_drift_s,
            unnest($16::timestamptz[]) AS sent_at, unnest($17::int8[]) AS sequence,
            unnest($18::int8[]) AS seq, unnest($19::int2[]) AS user_slot,
            unnest($20::text[]) AS flags, unnest($21::jsonb[]) AS special,
            unnest($22::jsonb[]) AS context, unnest($23::bytea[]) AS frame,
            unnest($24::text[]) AS profile, unnest($25::text[]) AS attribution,
            unnest($26::text[]) AS reason, unnest($27::uuid[]) AS conflict_with,
            unnest($28::int2[]) AS variant, unnest($29::float8[]) AS systolic,
            unnest($30::float8[]) AS diastolic, unnest($31::float8[]) AS mean,
            unnest($32::float8[]) AS pulse, unnest($33::float8[]) AS heart_rate,
            unnest($34::float8[]) AS weight, unnest($35::float8[]) AS height,
            unnest($36::float8[]) AS bmi, unnest($37::float8[]) AS body_fat,
            unnest($38::float8[]) AS muscle_percentage, unnest($39::float8[]) AS muscle_mass,
            unnest($40::float8[]) AS fat_free_mass, unnest($41::float8[]) AS soft_lean_mass,
            unnest($42::float8[]) AS body_water_mass, unnest($43::float8[]) AS impedance,
            unnest($44::float8[]) AS basal_metabolism, unnest($45::float8[]) AS glucose,
            unnest($46::float8[]) AS spo2, unnest($47::float8[]) AS pulse_amplitude,
            unnest($48::float8[]) AS temperature
    ) AS new
    ORDER BY measured_at, device, kind, variant
    ON CONFLICT (measured_at, device, kind, variant) DO NOTHING
    RETURNING organisation_id, id, measured_at, patient_id, kind, attribution
)
INSERT INTO evaluation_queue
    (organisation_id, reading_id, measured_at, patient_id, kind, attribution)
SELECT organisation_id, id, measured_at, patient_id, kind, attribution FROM stored

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
