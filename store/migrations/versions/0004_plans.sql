-- plan ends --
ALTER TABLE plan_versions ADD COLUMN ended_by UUID, ADD COLUMN end_reason TEXT

-- care_changes --
CREATE TABLE care_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor UUID,
    what TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT care_changes_pkey PRIMARY KEY (id),
    CONSTRAINT care_changes_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT care_changes_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- care_changes_patient_id_at_idx --
CREATE INDEX care_changes_patient_id_at_idx ON care_changes (patient_id, at)

-- care_changes append only --
CREATE TRIGGER care_changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON care_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- idempotency_keys --
CREATE TABLE idempotency_keys (
    user_id UUID NOT NULL,
    key TEXT NOT NULL,
    request BYTEA NOT NULL,
    status SMALLINT NOT NULL,
    body BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key),
    CONSTRAINT idempotency_keys_request CHECK (octet_length(request) = 32),
    CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id)
)

-- idempotency_keys_created_at_idx --
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at)

-- plans_changed --
-- The patient is named, so that who keeps ten thousand plans in memory reads one of them again.
CREATE FUNCTION plans_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('hearthbeat_plans', coalesce(NEW.patient_id, OLD.patient_id)::text);
    RETURN NULL;
END
$$

-- trigger plan_versions --
CREATE TRIGGER plans_changed AFTER INSERT OR UPDATE OR DELETE ON plan_versions
FOR EACH ROW EXECUTE FUNCTION plans_changed()
