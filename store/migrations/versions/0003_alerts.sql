-- What is to be done for patients, and alerts. Frozen: later changes are later migrations.

-- evaluation_queue reading_id --
ALTER TABLE evaluation_queue ALTER COLUMN reading_id DROP NOT NULL

-- alert_events --
CREATE TABLE alert_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    alert_id UUID NOT NULL,
    patient_id UUID,
    version INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    event TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    actor UUID,
    reason TEXT DEFAULT '' NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    idempotency_key TEXT,
    CONSTRAINT alert_events_pkey PRIMARY KEY (id),
    CONSTRAINT alert_events_alert_id_version_key UNIQUE (alert_id, version),
    CONSTRAINT alert_events_alert_id_idempotency_key_key UNIQUE (alert_id, idempotency_key)
)

-- alert_events_patient_id_at_idx --
CREATE INDEX alert_events_patient_id_at_idx ON alert_events (patient_id, at)

-- alerts --
CREATE TABLE alerts (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    lane TEXT NOT NULL,
    rule TEXT NOT NULL,
    label TEXT NOT NULL,
    plan_version_id UUID,
    kind TEXT,
    metric TEXT,
    severity TEXT NOT NULL,
    peak TEXT NOT NULL,
    state TEXT NOT NULL,
    onset_reading UUID,
    onset_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    cleared_at TIMESTAMP WITH TIME ZONE,
    cleared_why TEXT,
    readings INTEGER DEFAULT 0 NOT NULL,
    value DOUBLE PRECISION,
    worst DOUBLE PRECISION,
    bound JSONB,
    reason JSONB NOT NULL,
    late BOOLEAN DEFAULT false NOT NULL,
    latch BOOLEAN DEFAULT true NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    acknowledged_at TIMESTAMP WITH TIME ZONE,
    acknowledged_by UUID,
    acknowledge_by TIMESTAMP WITH TIME ZONE,
    snoozed_until TIMESTAMP WITH TIME ZONE,
    escalation_level SMALLINT DEFAULT 0 NOT NULL,
    generation SMALLINT DEFAULT 1 NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    outcome TEXT,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER DEFAULT 1 NOT NULL,
    CONSTRAINT alerts_pkey PRIMARY KEY (id),
    CONSTRAINT alerts_subject_kind CHECK (subject_kind IN ('patient', 'gateway', 'device')),
    CONSTRAINT alerts_lane CHECK (lane IN ('medical', 'needs_check', 'review', 'compliance', 'technical')),
    CONSTRAINT alerts_severity CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT alerts_peak CHECK (peak IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT alerts_state CHECK (state IN ('awaiting_repeat', 'open', 'acknowledged', 'snoozed', 'escalated', 'resolved', 'withdrawn')),
    CONSTRAINT alerts_outcome CHECK (outcome IN ('called_patient', 'advice_given', 'medication_changed', 'visit_arranged', 'sent_to_emergency', 'watch', 'false_alarm', 'measurement_error', 'wrong_person', 'device_fixed', 'data_arrived', 'patient_reminded', 'auto_cleared', 'other')),
    CONSTRAINT alerts_ended CHECK ((state IN ('resolved', 'withdrawn')) = (ended_at IS NOT NULL)),
    CONSTRAINT alerts_snooze CHECK ((state = 'snoozed') = (snoozed_until IS NOT NULL)),
    CONSTRAINT alerts_patient CHECK (subject_kind <> 'patient' OR patient_id IS NOT NULL)
)

-- alerts_episode_idx --
CREATE UNIQUE INDEX alerts_episode_idx ON alerts (organisation_id, subject_kind, subject, rule, onset_at) WHERE state <> 'withdrawn'

-- alerts_patient_id_onset_at_idx --
CREATE INDEX alerts_patient_id_onset_at_idx ON alerts (patient_id, onset_at)

-- alerts_standing_idx --
CREATE INDEX alerts_standing_idx ON alerts (organisation_id, patient_id) WHERE ended_at IS NULL

-- due_times --
CREATE TABLE due_times (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    what TEXT NOT NULL,
    subject UUID NOT NULL,
    key TEXT DEFAULT '' NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    CONSTRAINT due_times_pkey PRIMARY KEY (id),
    CONSTRAINT due_times_what CHECK (what IN ('evaluate', 'escalate', 'reopen', 'wake', 'auto_close', 'remind')),
    CONSTRAINT due_times_what_subject_key_key UNIQUE (what, subject, key)
)

-- due_times_due_at_idx --
CREATE INDEX due_times_due_at_idx ON due_times (due_at)

-- notifications --
CREATE TABLE notifications (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    alert_id UUID,
    user_id UUID,
    patient_id UUID,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT DEFAULT 'queued' NOT NULL,
    attempts SMALLINT DEFAULT 0 NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_error TEXT,
    provider_id TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT notifications_pkey PRIMARY KEY (id),
    CONSTRAINT notifications_channel CHECK (channel IN ('email', 'webhook', 'ntfy', 'sms', 'console')),
    CONSTRAINT notifications_state CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'cancelled')),
    CONSTRAINT notifications_key_key UNIQUE (key)
)

-- notifications_alert_id_idx --
CREATE INDEX notifications_alert_id_idx ON notifications (alert_id)

-- notifications_waiting_idx --
CREATE INDEX notifications_waiting_idx ON notifications (next_at) WHERE state IN ('queued', 'sending')

-- programmes --
CREATE TABLE programmes (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    title TEXT NOT NULL,
    body JSONB NOT NULL,
    digest BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT programmes_pkey PRIMARY KEY (id, version),
    CONSTRAINT programmes_digest CHECK (octet_length(digest) = 32)
)

-- repeat_requests --
CREATE TABLE repeat_requests (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    alert_id UUID NOT NULL,
    gateway_id TEXT NOT NULL,
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    answer TEXT,
    CONSTRAINT repeat_requests_pkey PRIMARY KEY (id),
    CONSTRAINT repeat_requests_alert_id_key UNIQUE (alert_id)
)

-- repeat_requests_open_idx --
CREATE INDEX repeat_requests_open_idx ON repeat_requests (gateway_id) WHERE ended_at IS NULL

-- alert_readings --
CREATE TABLE alert_readings (
    alert_id UUID NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reading_id UUID NOT NULL,
    severity TEXT NOT NULL,
    value DOUBLE PRECISION,
    CONSTRAINT alert_readings_pkey PRIMARY KEY (alert_id, measured_at, reading_id),
    CONSTRAINT alert_readings_severity CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT alert_readings_alert_id_fkey FOREIGN KEY(alert_id) REFERENCES alerts (id) ON DELETE CASCADE
)

-- escalations --
CREATE TABLE escalations (
    alert_id UUID NOT NULL,
    generation SMALLINT NOT NULL,
    step SMALLINT NOT NULL,
    organisation_id UUID NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told UUID[] DEFAULT '{}' NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    CONSTRAINT escalations_pkey PRIMARY KEY (alert_id, generation, step),
    CONSTRAINT escalations_alert_id_fkey FOREIGN KEY(alert_id) REFERENCES alerts (id)
)

-- consents --
CREATE TABLE consents (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    kind TEXT NOT NULL,
    method TEXT NOT NULL,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    recorded_by UUID,
    note TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT consents_pkey PRIMARY KEY (id),
    CONSTRAINT consents_kind CHECK (kind IN ('monitoring', 'billing', 'messages', 'data_sharing')),
    CONSTRAINT consents_method CHECK (method IN ('written', 'verbal', 'electronic')),
    CONSTRAINT consents_span CHECK (withdrawn_at >= given_at),
    CONSTRAINT consents_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT consents_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- consents_patient_id_given_at_idx --
CREATE INDEX consents_patient_id_given_at_idx ON consents (patient_id, given_at)

-- episodes --
CREATE TABLE episodes (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    programme TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    start_reason TEXT DEFAULT '' NOT NULL,
    end_reason TEXT,
    end_note TEXT,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT episodes_pkey PRIMARY KEY (id),
    CONSTRAINT episodes_end_reason CHECK (end_reason IN ('goals_met', 'patient_request', 'moved', 'hospitalised', 'died', 'no_data', 'transferred', 'other')),
    CONSTRAINT episodes_span CHECK (ends_at > starts_at),
    CONSTRAINT episodes_end CHECK ((ends_at IS NULL) = (end_reason IS NULL)),
    CONSTRAINT episodes_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT episodes_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- episodes_patient_id_starts_at_idx --
CREATE INDEX episodes_patient_id_starts_at_idx ON episodes (patient_id, starts_at)

-- orders --
CREATE TABLE orders (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    ordered_by TEXT NOT NULL,
    npi TEXT,
    ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    diagnoses TEXT[] DEFAULT '{}' NOT NULL,
    kinds TEXT[] NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    recorded_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_span CHECK (ends_at > starts_at),
    CONSTRAINT orders_npi CHECK (npi ~ '^[0-9]{10}$'),
    CONSTRAINT orders_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT orders_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- orders_patient_id_starts_at_idx --
CREATE INDEX orders_patient_id_starts_at_idx ON orders (patient_id, starts_at)

-- plan_versions --
CREATE TABLE plan_versions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    version INTEGER NOT NULL,
    effective_from TIMESTAMP WITH TIME ZONE NOT NULL,
    effective_to TIMESTAMP WITH TIME ZONE,
    programme TEXT NOT NULL,
    programme_version INTEGER NOT NULL,
    overrides JSONB NOT NULL,
    resolved JSONB NOT NULL,
    reason TEXT NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT plan_versions_pkey PRIMARY KEY (id),
    CONSTRAINT plan_versions_patient_id_version_key UNIQUE (patient_id, version),
    CONSTRAINT plan_versions_span CHECK (effective_to > effective_from),
    CONSTRAINT plan_versions_reason CHECK (length(reason) > 0),
    CONSTRAINT plan_versions_patient_id_effective_from_key UNIQUE (patient_id, effective_from),
    CONSTRAINT plan_versions_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT plan_versions_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- plan_versions_in_force_idx --
CREATE UNIQUE INDEX plan_versions_in_force_idx ON plan_versions (patient_id) WHERE effective_to IS NULL

-- alert_claims --
CREATE TABLE alert_claims (
    organisation_id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id UUID NOT NULL,
    claimed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT alert_claims_pkey PRIMARY KEY (organisation_id, subject_kind, subject),
    CONSTRAINT alert_claims_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT alert_claims_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id)
)

-- care_team --
CREATE TABLE care_team (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    created_by UUID,
    CONSTRAINT care_team_pkey PRIMARY KEY (id),
    CONSTRAINT care_team_role CHECK (role IN ('nurse', 'clinician', 'admin')),
    CONSTRAINT care_team_span CHECK (ends_at > starts_at),
    CONSTRAINT care_team_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT care_team_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT care_team_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id)
)

-- care_team_patient_id_starts_at_idx --
CREATE INDEX care_team_patient_id_starts_at_idx ON care_team (patient_id, starts_at)

-- care_team_user_id_starts_at_idx --
CREATE INDEX care_team_user_id_starts_at_idx ON care_team (user_id, starts_at)

-- contacts --
CREATE TABLE contacts (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    user_id UUID,
    patient_id UUID,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    secret TEXT,
    min_severity TEXT DEFAULT 'low' NOT NULL,
    quiet_from TEXT,
    quiet_to TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    stopped_at TIMESTAMP WITH TIME ZONE,
    stopped_why TEXT,
    CONSTRAINT contacts_pkey PRIMARY KEY (id),
    CONSTRAINT contacts_channel CHECK (channel IN ('email', 'webhook', 'ntfy', 'sms', 'console')),
    CONSTRAINT contacts_min_severity CHECK (min_severity IN ('low', 'medium', 'high', 'critical')),
    CONSTRAINT contacts_whose CHECK ((user_id IS NULL) <> (patient_id IS NULL)),
    CONSTRAINT contacts_user_id_channel_address_key UNIQUE (user_id, channel, address),
    CONSTRAINT contacts_patient_id_channel_address_key UNIQUE (patient_id, channel, address),
    CONSTRAINT contacts_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT contacts_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT contacts_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- on_call --
CREATE TABLE on_call (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    user_id UUID NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT on_call_pkey PRIMARY KEY (id),
    CONSTRAINT on_call_span CHECK (ends_at > starts_at),
    CONSTRAINT on_call_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT on_call_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id)
)

-- on_call_organisation_id_starts_at_idx --
CREATE INDEX on_call_organisation_id_starts_at_idx ON on_call (organisation_id, starts_at)

-- append only --
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$

-- alert_events append only --
CREATE TRIGGER alert_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- programmes append only --
CREATE TRIGGER programmes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON programmes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
