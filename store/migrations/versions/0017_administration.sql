What administrators set: units of a clinic, what patients are told before they consent, who answers
for a programme; and how far the enrolling of a patient has come.

-- organisations in their units --
ALTER TABLE organisations
    ADD COLUMN weight_unit TEXT DEFAULT 'lb' NOT NULL,
    ADD COLUMN glucose_unit TEXT DEFAULT 'mg/dL' NOT NULL,
    ADD CONSTRAINT organisations_weight_unit CHECK (weight_unit IN ('kg', 'lb')),
    ADD CONSTRAINT organisations_glucose_unit CHECK (glucose_unit IN ('mg/dL', 'mmol/L'))

-- consent_texts --
-- What a patient is told, word for word: a version is never changed, for consents name it.
CREATE TABLE consent_texts (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    language TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_by UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT consent_texts_pkey PRIMARY KEY (id),
    CONSTRAINT consent_texts_organisation_id_fkey
        FOREIGN KEY (organisation_id) REFERENCES organisations (id),
    CONSTRAINT consent_texts_organisation_id_language_version_key
        UNIQUE (organisation_id, language, version),
    CONSTRAINT consent_texts_body CHECK (length(body) BETWEEN 1 AND 8000)
)

-- consents by whom and to which words --
ALTER TABLE consents
    ADD COLUMN given_by TEXT DEFAULT 'patient' NOT NULL,
    ADD COLUMN representative TEXT,
    ADD COLUMN text_id UUID,
    ADD CONSTRAINT consents_text_id_fkey FOREIGN KEY (text_id) REFERENCES consent_texts (id),
    ADD CONSTRAINT consents_given_by CHECK (given_by IN ('patient', 'representative')),
    ADD CONSTRAINT consents_representative
        CHECK ((given_by = 'representative') = (representative IS NOT NULL)),
    DROP CONSTRAINT consents_method,
    ADD CONSTRAINT consents_method
        CHECK (method IN ('written', 'verbal', 'phone', 'electronic'))

-- patient_enrolments --
CREATE TABLE patient_enrolments (
    patient_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    programme TEXT,
    programme_version INTEGER,
    overrides JSONB DEFAULT '{}' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    starts_on DATE,
    gateway_id TEXT,
    started_by UUID,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_by UUID,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT patient_enrolments_pkey PRIMARY KEY (patient_id),
    CONSTRAINT patient_enrolments_patient_id_fkey
        FOREIGN KEY (patient_id) REFERENCES patients (id),
    CONSTRAINT patient_enrolments_organisation_id_fkey
        FOREIGN KEY (organisation_id) REFERENCES organisations (id),
    CONSTRAINT patient_enrolments_gateway_id_fkey
        FOREIGN KEY (gateway_id) REFERENCES gateways (id),
    CONSTRAINT patient_enrolments_programme
        CHECK ((programme IS NULL) = (programme_version IS NULL))
)

-- patient_enrolments_unfinished_idx --
CREATE INDEX patient_enrolments_unfinished_idx ON patient_enrolments (organisation_id, started_at)
WHERE finished_at IS NULL

-- programme_sign_offs --
-- Who answers in a clinic for a version of a programme. Append-only: the last one of a version holds.
CREATE TABLE programme_sign_offs (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    programme TEXT NOT NULL,
    version INTEGER NOT NULL,
    digest BYTEA NOT NULL,
    lead TEXT NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    recorded_by UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT programme_sign_offs_pkey PRIMARY KEY (id),
    CONSTRAINT programme_sign_offs_organisation_id_fkey
        FOREIGN KEY (organisation_id) REFERENCES organisations (id),
    CONSTRAINT programme_sign_offs_digest CHECK (octet_length(digest) = 32)
)

-- programme_sign_offs_organisation_id_programme_version_idx --
CREATE INDEX programme_sign_offs_organisation_id_programme_version_idx
ON programme_sign_offs (organisation_id, programme, version)

-- consent_texts append only --
CREATE TRIGGER consent_texts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_texts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- programme_sign_offs append only --
CREATE TRIGGER programme_sign_offs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON programme_sign_offs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
