-- The schema as it was when the first release was made. Frozen: later changes are later migrations.

-- dead_letters --
CREATE TABLE dead_letters (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID,
    gateway_id TEXT,
    topic TEXT NOT NULL,
    payload BYTEA NOT NULL,
    pointer TEXT DEFAULT '' NOT NULL,
    error TEXT NOT NULL,
    digest BYTEA NOT NULL,
    first_received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    times INTEGER DEFAULT 1 NOT NULL,
    replayed_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    CONSTRAINT dead_letters_pkey PRIMARY KEY (id),
    CONSTRAINT dead_letters_topic_digest_pointer_key UNIQUE (topic, digest, pointer),
    CONSTRAINT dead_letters_digest CHECK (octet_length(digest) = 16)
)

-- evaluation_queue --
CREATE TABLE evaluation_queue (
    position BIGINT GENERATED ALWAYS AS IDENTITY (CACHE 100),
    organisation_id UUID NOT NULL,
    reading_id UUID NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    patient_id UUID,
    kind TEXT NOT NULL,
    attribution TEXT NOT NULL,
    enqueued_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT evaluation_queue_pkey PRIMARY KEY (position)
)

-- gateway_health --
CREATE TABLE gateway_health (
    gateway_id TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    version TEXT,
    queue_depth BIGINT,
    last_seq BIGINT,
    devices JSONB,
    CONSTRAINT gateway_health_pkey PRIMARY KEY (gateway_id, at),
    CONSTRAINT gateway_health_state CHECK (state IN ('online', 'offline'))
)

-- gateway_health hypertable --
SELECT create_hypertable(
    'gateway_health', by_range('at', INTERVAL '30 days'), create_default_indexes => FALSE
)

-- gateway_health partitioning --
PARTITION BY RANGE (at)

-- gateway_health default partition --
CREATE TABLE gateway_health_default PARTITION OF gateway_health DEFAULT

-- gateway_progress --
CREATE TABLE gateway_progress (
    gateway_id TEXT NOT NULL,
    received INT8MULTIRANGE NOT NULL,
    gap_since TIMESTAMP WITH TIME ZONE,
    resend_asked_at TIMESTAMP WITH TIME ZONE,
    resend_from BIGINT,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT gateway_progress_pkey PRIMARY KEY (gateway_id)
)
 WITH (fillfactor = 50)

-- organisations --
CREATE TABLE organisations (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT DEFAULT 'UTC' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT organisations_pkey PRIMARY KEY (id),
    CONSTRAINT organisations_name CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT organisations_name_key UNIQUE (name)
)

-- reading_keys --
CREATE TABLE reading_keys (
    id UUID NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    digest BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT reading_keys_pkey PRIMARY KEY (id),
    CONSTRAINT reading_keys_digest CHECK (octet_length(digest) = 16)
)

-- readings --
CREATE TABLE readings (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    gateway_id TEXT NOT NULL,
    device TEXT NOT NULL,
    device_id UUID,
    assignment_id UUID,
    patient_id UUID,
    kind TEXT NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    utc_offset_s INTEGER NOT NULL,
    local_day DATE NOT NULL,
    time_quality TEXT NOT NULL,
    device_time TIMESTAMP WITHOUT TIME ZONE,
    clock_drift_s DOUBLE PRECISION,
    sent_at TIMESTAMP WITH TIME ZONE,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sequence BIGINT,
    seq BIGINT,
    user_slot SMALLINT,
    flags TEXT[] DEFAULT '{}' NOT NULL,
    special JSONB,
    context JSONB,
    frame BYTEA,
    profile TEXT DEFAULT '' NOT NULL,
    attribution TEXT NOT NULL,
    reason TEXT,
    conflict_with UUID,
    variant SMALLINT DEFAULT 0 NOT NULL,
    systolic DOUBLE PRECISION,
    diastolic DOUBLE PRECISION,
    mean DOUBLE PRECISION,
    pulse DOUBLE PRECISION,
    heart_rate DOUBLE PRECISION,
    weight DOUBLE PRECISION,
    height DOUBLE PRECISION,
    bmi DOUBLE PRECISION,
    body_fat DOUBLE PRECISION,
    muscle_percentage DOUBLE PRECISION,
    muscle_mass DOUBLE PRECISION,
    fat_free_mass DOUBLE PRECISION,
    soft_lean_mass DOUBLE PRECISION,
    body_water_mass DOUBLE PRECISION,
    impedance DOUBLE PRECISION,
    basal_metabolism DOUBLE PRECISION,
    glucose DOUBLE PRECISION,
    spo2 DOUBLE PRECISION,
    pulse_amplitude DOUBLE PRECISION,
    temperature DOUBLE PRECISION,
    CONSTRAINT readings_pkey PRIMARY KEY (measured_at, device, kind, variant),
    CONSTRAINT readings_kind CHECK (kind IN ('blood_pressure', 'weight', 'body_composition', 'glucose', 'oximetry', 'temperature', 'heart_rate')),
    CONSTRAINT readings_time_quality CHECK (time_quality IN ('device', 'corrected', 'gateway')),
    CONSTRAINT readings_attribution CHECK (attribution IN ('assigned', 'ambiguous', 'quarantined', 'reassigned')),
    CONSTRAINT readings_measured_at CHECK (measured_at >= '1900-01-01 00:00:00+00' AND measured_at < '9999-01-01 00:00:00+00'),
    CONSTRAINT readings_utc_offset_s CHECK (utc_offset_s BETWEEN -64800 AND 64800),
    CONSTRAINT readings_user_slot CHECK (user_slot BETWEEN 0 AND 255),
    CONSTRAINT readings_patient CHECK ((attribution IN ('assigned', 'reassigned')) = (patient_id IS NOT NULL)),
    CONSTRAINT readings_reason CHECK (patient_id IS NOT NULL OR reason IS NOT NULL),
    CONSTRAINT readings_clock_drift_s CHECK (clock_drift_s > '-Infinity' AND clock_drift_s < 'Infinity'),
    CONSTRAINT readings_systolic CHECK (systolic > '-Infinity' AND systolic < 'Infinity'),
    CONSTRAINT readings_diastolic CHECK (diastolic > '-Infinity' AND diastolic < 'Infinity'),
    CONSTRAINT readings_mean CHECK (mean > '-Infinity' AND mean < 'Infinity'),
    CONSTRAINT readings_pulse CHECK (pulse > '-Infinity' AND pulse < 'Infinity'),
    CONSTRAINT readings_heart_rate CHECK (heart_rate > '-Infinity' AND heart_rate < 'Infinity'),
    CONSTRAINT readings_weight CHECK (weight > '-Infinity' AND weight < 'Infinity'),
    CONSTRAINT readings_height CHECK (height > '-Infinity' AND height < 'Infinity'),
    CONSTRAINT readings_bmi CHECK (bmi > '-Infinity' AND bmi < 'Infinity'),
    CONSTRAINT readings_body_fat CHECK (body_fat > '-Infinity' AND body_fat < 'Infinity'),
    CONSTRAINT readings_muscle_percentage CHECK (muscle_percentage > '-Infinity' AND muscle_percentage < 'Infinity'),
    CONSTRAINT readings_muscle_mass CHECK (muscle_mass > '-Infinity' AND muscle_mass < 'Infinity'),
    CONSTRAINT readings_fat_free_mass CHECK (fat_free_mass > '-Infinity' AND fat_free_mass < 'Infinity'),
    CONSTRAINT readings_soft_lean_mass CHECK (soft_lean_mass > '-Infinity' AND soft_lean_mass < 'Infinity'),
    CONSTRAINT readings_body_water_mass CHECK (body_water_mass > '-Infinity' AND body_water_mass < 'Infinity'),
    CONSTRAINT readings_impedance CHECK (impedance > '-Infinity' AND impedance < 'Infinity'),
    CONSTRAINT readings_basal_metabolism CHECK (basal_metabolism > '-Infinity' AND basal_metabolism < 'Infinity'),
    CONSTRAINT readings_glucose CHECK (glucose > '-Infinity' AND glucose < 'Infinity'),
    CONSTRAINT readings_spo2 CHECK (spo2 > '-Infinity' AND spo2 < 'Infinity'),
    CONSTRAINT readings_pulse_amplitude CHECK (pulse_amplitude > '-Infinity' AND pulse_amplitude < 'Infinity'),
    CONSTRAINT readings_temperature CHECK (temperature > '-Infinity' AND temperature < 'Infinity')
)

-- readings hypertable --
SELECT create_hypertable(
    'readings', by_range('measured_at', INTERVAL '30 days'), create_default_indexes => FALSE
)

-- readings partitioning --
PARTITION BY RANGE (measured_at)

-- readings default partition --
CREATE TABLE readings_default PARTITION OF readings DEFAULT

-- readings_doubtful_idx --
CREATE INDEX readings_doubtful_idx ON readings (organisation_id, received_at) WHERE attribution IN ('ambiguous', 'quarantined')

-- readings_patient_id_measured_at_idx --
CREATE INDEX readings_patient_id_measured_at_idx ON readings (patient_id, measured_at)

-- gateways --
CREATE TABLE gateways (
    id TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    label TEXT DEFAULT '' NOT NULL,
    transport TEXT DEFAULT 'mqtt' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    enrolled_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    enrolment_code_hash BYTEA,
    enrolment_expires_at TIMESTAMP WITH TIME ZONE,
    credential_hash TEXT,
    time_zone TEXT,
    CONSTRAINT gateways_pkey PRIMARY KEY (id),
    CONSTRAINT gateways_id CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$'),
    CONSTRAINT gateways_transport CHECK (transport IN ('mqtt', 'http')),
    CONSTRAINT gateways_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT gateways_enrolment_code_hash_key UNIQUE (enrolment_code_hash)
)

-- patients --
CREATE TABLE patients (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    mrn TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    birth_date DATE,
    time_zone TEXT NOT NULL,
    language TEXT DEFAULT 'en' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT patients_pkey PRIMARY KEY (id),
    CONSTRAINT patients_organisation_id_mrn_key UNIQUE (organisation_id, mrn),
    CONSTRAINT patients_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)

-- devices --
CREATE TABLE devices (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    address TEXT NOT NULL,
    profile TEXT DEFAULT '' NOT NULL,
    label TEXT DEFAULT '' NOT NULL,
    serial TEXT,
    passkey TEXT,
    gateway_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT devices_pkey PRIMARY KEY (id),
    CONSTRAINT devices_organisation_id_address_key UNIQUE (organisation_id, address),
    CONSTRAINT devices_address CHECK (address = upper(address)),
    CONSTRAINT devices_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT devices_gateway_id_fkey FOREIGN KEY(gateway_id) REFERENCES gateways (id)
)

-- users --
CREATE TABLE users (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    patient_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_role CHECK (role IN ('admin', 'nurse', 'clinician', 'biller', 'auditor', 'patient', 'caregiver')),
    CONSTRAINT users_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT users_username_key UNIQUE (username),
    CONSTRAINT users_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- device_assignments --
CREATE TABLE device_assignments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    device_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    user_slot SMALLINT,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by UUID,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT device_assignments_pkey PRIMARY KEY (id),
    CONSTRAINT device_assignments_user_slot CHECK (user_slot BETWEEN 0 AND 255),
    CONSTRAINT device_assignments_span CHECK (ends_at > starts_at),
    CONSTRAINT device_assignments_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT device_assignments_device_id_fkey FOREIGN KEY(device_id) REFERENCES devices (id),
    CONSTRAINT device_assignments_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- device_assignments_device_id_starts_at_idx --
CREATE INDEX device_assignments_device_id_starts_at_idx ON device_assignments (device_id, starts_at)

-- device_assignments_patient_id_starts_at_idx --
CREATE INDEX device_assignments_patient_id_starts_at_idx ON device_assignments (patient_id, starts_at)

-- sessions --
CREATE TABLE sessions (
    token_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT sessions_pkey PRIMARY KEY (token_hash),
    CONSTRAINT sessions_token_hash CHECK (octet_length(token_hash) = 32),
    CONSTRAINT sessions_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id)
)

-- sessions_user_id_idx --
CREATE INDEX sessions_user_id_idx ON sessions (user_id)

-- view blood_pressure --
CREATE VIEW blood_pressure WITH (security_invoker = true) AS
SELECT
    id,
    organisation_id,
    patient_id,
    gateway_id,
    device,
    device_id,
    assignment_id,
    measured_at,
    utc_offset_s,
    local_day,
    time_quality,
    received_at,
    user_slot,
    flags,
    special,
    context,
    attribution,
    reason,
    conflict_with,
    systolic AS systolic_mmhg,
    diastolic AS diastolic_mmhg,
    mean AS mean_mmhg,
    pulse AS pulse_per_min
FROM readings
WHERE kind = 'blood_pressure'

-- view weight --
CREATE VIEW weight WITH (security_invoker = true) AS
SELECT
    id,
    organisation_id,
    patient_id,
    gateway_id,
    device,
    device_id,
    assignment_id,
    measured_at,
    utc_offset_s,
    local_day,
    time_quality,
    received_at,
    user_slot,
    flags,
    special,
    context,
    attribution,
    reason,
    conflict_with,
    weight AS weight_kg,
    bmi AS bmi_kg_per_m2,
    height AS height_cm
FROM readings
WHERE kind = 'weight'

-- view body_composition --
CREATE VIEW body_composition WITH (security_invoker = true) AS
SELECT
    id,
    organisation_id,
    patient_id,
    gateway_id,
    device,
    device_id,
    assignment_id,
    measured_at,
    utc_offset_s,
    local_day,
    time_quality,
    received_at,
    user_slot,
    flags,
    special,
    context,
    attribution,
    reason,
    conflict_with,
    body_fat AS body_fat_percent,
    muscle_percentage AS muscle_percentage_percent,
    muscle_mass AS muscle_mass_kg,
    fat_free_mass AS fat_free_mass_kg,
    soft_lean_mass AS soft_lean_mass_kg,
    body_water_mass AS body_water_mass_kg,
    impedance AS impedance_ohm,
    basal_metabolism AS basal_metabolism_kj,
    weight AS weight_kg,
    height AS height_cm
FROM readings
WHERE kind = 'body_composition'

-- view glucose --
CREATE VIEW glucose WITH (security_invoker = true) AS
SELECT
    id,
    organisation_id,
    patient_id,
    gateway_id,
    device,
    device_id,
    assignment_id,
    measured_at,
    utc_offset_s,
    local_day,
    time_quality,
    received_at,
    user_slot,
    flags,
    special,
    context,
    attribution,
    reason,
    conflict_with,
    glucose AS glucose_mg_per_dl
FROM readings
WHERE kind = 'glucose'

-- view oximetry --
CREATE VIEW oximetry WITH (security_invoker = true) AS
SELECT
    id,
    organisation_id,
    patient_id,
    gateway_id,
    device,
    device_id,
    assignment_id,
    measured_at,
    utc_offset_s,
    local_day,
    time_quality,
    received_at,
    user_slot,
    flags,
    special,
    context,
    attribution,
    reason,
    conflict_with,
    spo2 AS spo2_percent,
    pulse AS pulse_per_min,
    pulse_amplitude AS pulse_amplitude_percent
FROM readings
WHERE kind = 'oximetry'

-- view temperature --
CREATE VIEW temperature WITH (security_invoker = true) AS
SELECT
    id,
    organisation_id,
    patient_id,
    gateway_id,
    device,
    device_id,
    assignment_id,
    measured_at,
    utc_offset_s,
    local_day,
    time_quality,
    received_at,
    user_slot,
    flags,
    special,
    context,
    attribution,
    reason,
    conflict_with,
    temperature AS temperature_celsius
FROM readings
WHERE kind = 'temperature'

-- view heart_rate --
CREATE VIEW heart_rate WITH (security_invoker = true) AS
SELECT
    id,
    organisation_id,
    patient_id,
    gateway_id,
    device,
    device_id,
    assignment_id,
    measured_at,
    utc_offset_s,
    local_day,
    time_quality,
    received_at,
    user_slot,
    flags,
    special,
    context,
    attribution,
    reason,
    conflict_with,
    heart_rate AS heart_rate_per_min
FROM readings
WHERE kind = 'heart_rate'

-- unclaimed --
INSERT INTO organisations (id, name)
VALUES ('00000000-0000-0000-0000-000000000000', 'Unclaimed')

-- directory_changed --
CREATE FUNCTION directory_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hearthbeat_directory', '');
    RETURN NULL;
END
$$

-- trigger organisations --
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON organisations
FOR EACH STATEMENT EXECUTE FUNCTION directory_changed()

-- trigger patients --
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON patients
FOR EACH STATEMENT EXECUTE FUNCTION directory_changed()

-- trigger gateways --
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gateways
FOR EACH STATEMENT EXECUTE FUNCTION directory_changed()

-- trigger devices --
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON devices
FOR EACH STATEMENT EXECUTE FUNCTION directory_changed()

-- trigger device_assignments --
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON device_assignments
FOR EACH STATEMENT EXECUTE FUNCTION directory_changed()
