Billing: who bills and who pays, what is enrolled, fees, months, lines and what became of them.

-- practice_profiles --
CREATE TABLE practice_profiles (
    organisation_id UUID NOT NULL,
    legal_name TEXT,
    npi TEXT,
    tax_id TEXT,
    taxonomy TEXT,
    address JSONB,
    contact_name TEXT DEFAULT '' NOT NULL,
    phone TEXT,
    submitter_id TEXT,
    receiver_id TEXT,
    receiver_name TEXT DEFAULT '' NOT NULL,
    place_of_service TEXT DEFAULT '11' NOT NULL,
    second_person BOOLEAN DEFAULT true NOT NULL,
    updated_by UUID,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT practice_profiles_pkey PRIMARY KEY (organisation_id),
    CONSTRAINT practice_profiles_npi CHECK (npi ~ '^[0-9]{10}$'),
    CONSTRAINT practice_profiles_tax_id CHECK (tax_id ~ '^[0-9]{9}$'),
    CONSTRAINT practice_profiles_place_of_service CHECK (place_of_service ~ '^[0-9]{2}$'),
    CONSTRAINT practice_profiles_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)

-- practitioners --
CREATE TABLE practitioners (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    family_name TEXT NOT NULL,
    given_name TEXT DEFAULT '' NOT NULL,
    npi TEXT,
    credential TEXT DEFAULT '' NOT NULL,
    user_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_by UUID,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT practitioners_pkey PRIMARY KEY (id),
    CONSTRAINT practitioners_npi CHECK (npi ~ '^[0-9]{10}$'),
    CONSTRAINT practitioners_organisation_id_npi_key UNIQUE (organisation_id, npi),
    CONSTRAINT practitioners_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT practitioners_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id)
)

-- payers --
CREATE TABLE payers (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    payer_id TEXT,
    authority TEXT,
    filing_code TEXT DEFAULT 'MB' NOT NULL,
    claim_form TEXT DEFAULT '837P' NOT NULL,
    corrects_by TEXT DEFAULT 'reopening' NOT NULL,
    date_range BOOLEAN DEFAULT false NOT NULL,
    policy JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by UUID,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT payers_pkey PRIMARY KEY (id),
    CONSTRAINT payers_organisation_id_key_key UNIQUE (organisation_id, key),
    CONSTRAINT payers_key CHECK (key ~ '^[a-z][a-z0-9_]{0,63}$'),
    CONSTRAINT payers_claim_form CHECK (claim_form IN ('837P', '837I', 'paper')),
    CONSTRAINT payers_corrects_by CHECK (corrects_by IN ('reopening', 'replacement')),
    CONSTRAINT payers_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)

-- payer_rules --
CREATE TABLE payer_rules (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    payer UUID NOT NULL,
    code TEXT NOT NULL,
    effective_from DATE NOT NULL,
    effective_to DATE,
    version INTEGER NOT NULL,
    rule JSONB NOT NULL,
    withdrawn BOOLEAN DEFAULT false NOT NULL,
    source TEXT DEFAULT '' NOT NULL,
    source_read_on DATE,
    confirmed_through DATE,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT payer_rules_pkey PRIMARY KEY (id),
    CONSTRAINT payer_rules_span CHECK (effective_to >= effective_from),
    CONSTRAINT payer_rules_payer_code_effective_from_version_key UNIQUE (payer, code, effective_from, version),
    CONSTRAINT payer_rules_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT payer_rules_payer_fkey FOREIGN KEY(payer) REFERENCES payers (id)
)

-- coverages --
CREATE TABLE coverages (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    payer UUID NOT NULL,
    member_id TEXT,
    prior_auth TEXT,
    starts_on DATE NOT NULL,
    ends_on DATE,
    rank SMALLINT DEFAULT 1 NOT NULL,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT coverages_pkey PRIMARY KEY (id),
    CONSTRAINT coverages_span CHECK (ends_on >= starts_on),
    CONSTRAINT coverages_rank CHECK (rank BETWEEN 1 AND 3),
    CONSTRAINT coverages_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT coverages_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT coverages_payer_fkey FOREIGN KEY(payer) REFERENCES payers (id)
)

-- coverages_patient_id_starts_on_idx --
CREATE INDEX coverages_patient_id_starts_on_idx ON coverages (patient_id, starts_on)

-- billing_addresses --
CREATE TABLE billing_addresses (
    patient_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    address JSONB NOT NULL,
    updated_by UUID,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT billing_addresses_pkey PRIMARY KEY (patient_id),
    CONSTRAINT billing_addresses_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT billing_addresses_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)

-- prior_authorisations --
CREATE TABLE prior_authorisations (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    coverage_id UUID NOT NULL,
    number TEXT NOT NULL,
    codes TEXT[] NOT NULL,
    first_on DATE NOT NULL,
    last_on DATE,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT prior_authorisations_pkey PRIMARY KEY (id),
    CONSTRAINT prior_authorisations_span CHECK (last_on >= first_on),
    CONSTRAINT prior_authorisations_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT prior_authorisations_coverage_id_fkey FOREIGN KEY(coverage_id) REFERENCES coverages (id)
)

-- prior_authorisations_coverage_id_idx --
CREATE INDEX prior_authorisations_coverage_id_idx ON prior_authorisations (coverage_id)

-- service_enrolments --
CREATE TABLE service_enrolments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    episode_id UUID,
    service TEXT NOT NULL,
    practitioner_id UUID,
    starts_on DATE NOT NULL,
    ends_on DATE,
    end_reason TEXT,
    established_on DATE,
    established_by TEXT,
    taught_on DATE,
    taught_by TEXT,
    rtm_kind TEXT DEFAULT '' NOT NULL,
    pauses JSONB DEFAULT '[]' NOT NULL,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_by UUID,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT service_enrolments_pkey PRIMARY KEY (id),
    CONSTRAINT service_enrolments_service CHECK (service ~ '^[a-z][a-z0-9]{1,15}$'),
    CONSTRAINT service_enrolments_span CHECK (ends_on >= starts_on),
    CONSTRAINT service_enrolments_end CHECK ((ends_on IS NULL) = (end_reason IS NULL)),
    CONSTRAINT service_enrolments_established CHECK ((established_on IS NULL) = (established_by IS NULL)),
    CONSTRAINT service_enrolments_taught CHECK ((taught_on IS NULL) = (taught_by IS NULL)),
    CONSTRAINT service_enrolments_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT service_enrolments_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT service_enrolments_episode_id_fkey FOREIGN KEY(episode_id) REFERENCES episodes (id),
    CONSTRAINT service_enrolments_practitioner_id_fkey FOREIGN KEY(practitioner_id) REFERENCES practitioners (id)
)

-- service_enrolments_patient_id_starts_on_idx --
CREATE INDEX service_enrolments_patient_id_starts_on_idx ON service_enrolments (patient_id, starts_on)

-- attestations --
CREATE TABLE attestations (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    what TEXT NOT NULL,
    on_day DATE NOT NULL,
    until_day DATE,
    stated_by TEXT NOT NULL,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT attestations_pkey PRIMARY KEY (id),
    CONSTRAINT attestations_span CHECK (until_day >= on_day),
    CONSTRAINT attestations_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT attestations_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- attestations_patient_id_idx --
CREATE INDEX attestations_patient_id_idx ON attestations (patient_id)

-- other_services --
CREATE TABLE other_services (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    service TEXT,
    first_on DATE,
    last_on DATE,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    note TEXT DEFAULT '' NOT NULL,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT other_services_pkey PRIMARY KEY (id),
    CONSTRAINT other_services_span CHECK (last_on >= first_on),
    CONSTRAINT other_services_named CHECK (code <> '' OR service IS NOT NULL),
    CONSTRAINT other_services_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT other_services_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- other_services_patient_id_idx --
CREATE INDEX other_services_patient_id_idx ON other_services (patient_id)

-- fee_schedules --
CREATE TABLE fee_schedules (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    payer UUID,
    name TEXT NOT NULL,
    effective_from DATE NOT NULL,
    effective_to DATE,
    version INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    imported_by UUID,
    imported_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT fee_schedules_pkey PRIMARY KEY (id),
    CONSTRAINT fee_schedules_span CHECK (effective_to >= effective_from),
    CONSTRAINT fee_schedules_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT fee_schedules_payer_fkey FOREIGN KEY(payer) REFERENCES payers (id)
)

-- fee_schedules_organisation_id_payer_effective_from_idx --
CREATE INDEX fee_schedules_organisation_id_payer_effective_from_idx ON fee_schedules (organisation_id, payer, effective_from)

-- fees --
CREATE TABLE fees (
    schedule_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    code TEXT NOT NULL,
    modifier TEXT DEFAULT '' NOT NULL,
    locality TEXT DEFAULT '' NOT NULL,
    amount NUMERIC(10, 2) NOT NULL,
    charge NUMERIC(10, 2),
    CONSTRAINT fees_pkey PRIMARY KEY (schedule_id, code, modifier, locality),
    CONSTRAINT fees_amount CHECK (amount >= 0),
    CONSTRAINT fees_charge CHECK (charge >= 0),
    CONSTRAINT fees_schedule_id_fkey FOREIGN KEY(schedule_id) REFERENCES fee_schedules (id),
    CONSTRAINT fees_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)

-- billing_months --
CREATE TABLE billing_months (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    month TEXT NOT NULL,
    version INTEGER DEFAULT 0 NOT NULL,
    evaluated_at TIMESTAMP WITH TIME ZONE,
    locked_at TIMESTAMP WITH TIME ZONE,
    locked_by UUID,
    CONSTRAINT billing_months_pkey PRIMARY KEY (id),
    CONSTRAINT billing_months_organisation_id_month_key UNIQUE (organisation_id, month),
    CONSTRAINT billing_months_month CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    CONSTRAINT billing_months_locked CHECK ((version = 0) = (locked_at IS NULL)),
    CONSTRAINT billing_months_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_months_locked_by_fkey FOREIGN KEY(locked_by) REFERENCES users (id)
)

-- billing_seals --
CREATE TABLE billing_seals (
    month_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    version INTEGER NOT NULL,
    head JSONB NOT NULL,
    patients INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    why TEXT DEFAULT '' NOT NULL,
    locked_by UUID,
    locked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT billing_seals_pkey PRIMARY KEY (month_id, version),
    CONSTRAINT billing_seals_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT billing_seals_month_id_fkey FOREIGN KEY(month_id) REFERENCES billing_months (id),
    CONSTRAINT billing_seals_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_seals_locked_by_fkey FOREIGN KEY(locked_by) REFERENCES users (id)
)

-- billing_month_patients --
CREATE TABLE billing_month_patients (
    month_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    version INTEGER NOT NULL,
    organisation_id UUID NOT NULL,
    sorts_by TEXT NOT NULL,
    body JSONB NOT NULL,
    sha256 TEXT NOT NULL,
    fingerprint TEXT DEFAULT '' NOT NULL,
    facts_sha256 TEXT NOT NULL,
    evaluated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT billing_month_patients_pkey PRIMARY KEY (month_id, patient_id, version),
    CONSTRAINT billing_month_patients_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT billing_month_patients_month_id_fkey FOREIGN KEY(month_id) REFERENCES billing_months (id),
    CONSTRAINT billing_month_patients_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT billing_month_patients_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)

-- billing_month_patients_month_id_version_sorts_by_patient_id_idx --
CREATE INDEX billing_month_patients_month_id_version_sorts_by_patient_id_idx ON billing_month_patients (month_id, version, sorts_by, patient_id)

-- billing_lines --
CREATE TABLE billing_lines (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    month_id UUID NOT NULL,
    stretch_id UUID NOT NULL,
    service TEXT NOT NULL,
    scope TEXT NOT NULL,
    code TEXT NOT NULL,
    units INTEGER NOT NULL,
    dos DATE NOT NULL,
    window_from DATE NOT NULL,
    window_to DATE NOT NULL,
    content TEXT NOT NULL,
    status TEXT NOT NULL,
    present BOOLEAN DEFAULT true NOT NULL,
    lacks TEXT[] DEFAULT '{}' NOT NULL,
    exported BOOLEAN DEFAULT false NOT NULL,
    claim_number TEXT,
    original_claim TEXT,
    replaces UUID,
    version INTEGER DEFAULT 1 NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT billing_lines_pkey PRIMARY KEY (id),
    CONSTRAINT billing_lines_status CHECK (status IN ('draft', 'held', 'ready', 'approved', 'exported', 'accepted', 'paid', 'denied', 'corrected', 'void')),
    CONSTRAINT billing_lines_units CHECK (units > 0),
    CONSTRAINT billing_lines_window CHECK (window_to >= window_from),
    CONSTRAINT billing_lines_content CHECK (content ~ '^[0-9a-f]{64}$'),
    CONSTRAINT billing_lines_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_lines_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT billing_lines_month_id_fkey FOREIGN KEY(month_id) REFERENCES billing_months (id),
    CONSTRAINT billing_lines_replaces_fkey FOREIGN KEY(replaces) REFERENCES billing_lines (id)
)

-- billing_lines_month_id_patient_id_idx --
CREATE INDEX billing_lines_month_id_patient_id_idx ON billing_lines (month_id, patient_id)

-- billing_lines_patient_id_scope_window_from_idx --
CREATE INDEX billing_lines_patient_id_scope_window_from_idx ON billing_lines (patient_id, scope, window_from)

-- billing_line_events --
CREATE TABLE billing_line_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    line_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor UUID,
    was TEXT,
    status TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    content TEXT NOT NULL,
    facts JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT billing_line_events_pkey PRIMARY KEY (id),
    CONSTRAINT billing_line_events_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_line_events_line_id_fkey FOREIGN KEY(line_id) REFERENCES billing_lines (id)
)

-- billing_line_events_line_id_id_idx --
CREATE INDEX billing_line_events_line_id_id_idx ON billing_line_events (line_id, id)

-- billing_holds --
CREATE TABLE billing_holds (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    line_id UUID NOT NULL,
    reason TEXT NOT NULL,
    held_by UUID,
    held_at TIMESTAMP WITH TIME ZONE NOT NULL,
    released_by UUID,
    released_at TIMESTAMP WITH TIME ZONE,
    release_reason TEXT,
    CONSTRAINT billing_holds_pkey PRIMARY KEY (id),
    CONSTRAINT billing_holds_reason CHECK (length(reason) > 0),
    CONSTRAINT billing_holds_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_holds_line_id_fkey FOREIGN KEY(line_id) REFERENCES billing_lines (id),
    CONSTRAINT billing_holds_held_by_fkey FOREIGN KEY(held_by) REFERENCES users (id),
    CONSTRAINT billing_holds_released_by_fkey FOREIGN KEY(released_by) REFERENCES users (id)
)

-- billing_holds_open_idx --
CREATE UNIQUE INDEX billing_holds_open_idx ON billing_holds (line_id) WHERE released_at IS NULL

-- billing_approvals --
CREATE TABLE billing_approvals (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    line_id UUID NOT NULL,
    content TEXT NOT NULL,
    approved_by UUID NOT NULL,
    approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT billing_approvals_pkey PRIMARY KEY (id),
    CONSTRAINT billing_approvals_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_approvals_line_id_fkey FOREIGN KEY(line_id) REFERENCES billing_lines (id),
    CONSTRAINT billing_approvals_approved_by_fkey FOREIGN KEY(approved_by) REFERENCES users (id)
)

-- billing_approvals_line_id_approved_at_idx --
CREATE INDEX billing_approvals_line_id_approved_at_idx ON billing_approvals (line_id, approved_at)

-- billing_adjustments --
CREATE TABLE billing_adjustments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    month_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    month_version INTEGER NOT NULL,
    direction TEXT NOT NULL,
    removed JSONB NOT NULL,
    added JSONB NOT NULL,
    before_sha256 TEXT NOT NULL,
    after_sha256 TEXT NOT NULL,
    after_body JSONB NOT NULL,
    causes JSONB DEFAULT '[]' NOT NULL,
    found_at TIMESTAMP WITH TIME ZONE NOT NULL,
    overpayment_identified_on DATE,
    report_and_return_by DATE,
    CONSTRAINT billing_adjustments_pkey PRIMARY KEY (id),
    CONSTRAINT billing_adjustments_direction CHECK (direction IN ('none', 'up', 'down', 'code_change')),
    CONSTRAINT billing_adjustments_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_adjustments_month_id_fkey FOREIGN KEY(month_id) REFERENCES billing_months (id),
    CONSTRAINT billing_adjustments_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id)
)

-- billing_adjustments_month_id_patient_id_found_at_idx --
CREATE INDEX billing_adjustments_month_id_patient_id_found_at_idx ON billing_adjustments (month_id, patient_id, found_at)

-- billing_adjustment_decisions --
CREATE TABLE billing_adjustment_decisions (
    adjustment_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER,
    CONSTRAINT billing_adjustment_decisions_pkey PRIMARY KEY (adjustment_id),
    CONSTRAINT billing_adjustment_decisions_decision CHECK (decision IN ('approved', 'dismissed', 'superseded')),
    CONSTRAINT billing_adjustment_decisions_reason CHECK (decision <> 'dismissed' OR length(reason) > 0),
    CONSTRAINT billing_adjustment_decisions_adjustment_id_fkey FOREIGN KEY(adjustment_id) REFERENCES billing_adjustments (id),
    CONSTRAINT billing_adjustment_decisions_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_adjustment_decisions_decided_by_fkey FOREIGN KEY(decided_by) REFERENCES users (id)
)

-- billing_exports --
CREATE TABLE billing_exports (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    month TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    filters JSONB DEFAULT '{}' NOT NULL,
    requested_by UUID,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    state TEXT NOT NULL,
    progress INTEGER DEFAULT 0 NOT NULL,
    rows INTEGER,
    bytes BIGINT,
    sha256 TEXT,
    file TEXT,
    control_number INTEGER,
    manifest JSONB,
    error TEXT,
    CONSTRAINT billing_exports_pkey PRIMARY KEY (id),
    CONSTRAINT billing_exports_organisation_id_control_number_key UNIQUE (organisation_id, control_number),
    CONSTRAINT billing_exports_state CHECK (state IN ('running', 'done', 'failed')),
    CONSTRAINT billing_exports_month CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    CONSTRAINT billing_exports_purpose CHECK (length(purpose) > 0),
    CONSTRAINT billing_exports_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_exports_requested_by_fkey FOREIGN KEY(requested_by) REFERENCES users (id)
)

-- billing_exports_organisation_id_month_requested_at_idx --
CREATE INDEX billing_exports_organisation_id_month_requested_at_idx ON billing_exports (organisation_id, month, requested_at)

-- billing_export_parts --
CREATE TABLE billing_export_parts (
    organisation_id UUID NOT NULL,
    export_id UUID NOT NULL,
    part INTEGER NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT billing_export_parts_pkey PRIMARY KEY (export_id, part),
    CONSTRAINT billing_export_parts_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT billing_export_parts_export_id_fkey FOREIGN KEY(export_id) REFERENCES billing_exports (id)
)

-- payer_rules append only --
CREATE TRIGGER payer_rules_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payer_rules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- fee_schedules append only --
CREATE TRIGGER fee_schedules_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fee_schedules
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- fees append only --
CREATE TRIGGER fees_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON fees
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- billing_seals append only --
CREATE TRIGGER billing_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_seals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- billing_line_events append only --
CREATE TRIGGER billing_line_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_line_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- billing_approvals append only --
CREATE TRIGGER billing_approvals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_approvals
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- billing_adjustments append only --
CREATE TRIGGER billing_adjustments_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_adjustments
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- billing_adjustment_decisions append only --
CREATE TRIGGER billing_adjustment_decisions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing_adjustment_decisions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- sealed rows --
-- What a locking has frozen is never changed: only what is worked out for an open month is.
CREATE FUNCTION refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.version > 0 THEN
        RAISE EXCEPTION 'a locked month is not changed: record an adjustment'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$

-- billing_month_patients sealed --
CREATE TRIGGER billing_month_patients_sealed BEFORE UPDATE OR DELETE ON billing_month_patients
FOR EACH ROW EXECUTE FUNCTION refuse_unsealing()

-- nothing is billed twice --
-- Of lines that somebody has approved, no two of one patient and scope share a day: a device
-- period is billed once however many services or months claim it, a month of time once a code.
CREATE FUNCTION refuse_billed_twice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other RECORD;
BEGIN
    IF NEW.status NOT IN ('approved', 'exported', 'accepted', 'paid', 'denied')
        OR (TG_OP = 'UPDATE' AND OLD.status IN ('approved', 'exported', 'accepted', 'paid', 'denied'))
    THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('billing/' || NEW.patient_id::text, 0));
    SELECT l.code, l.window_from, l.window_to INTO other
    FROM billing_lines l
    WHERE l.patient_id = NEW.patient_id AND l.id <> NEW.id AND l.scope = NEW.scope
        AND l.status IN ('approved', 'exported', 'accepted', 'paid', 'denied')
        AND CASE WHEN NEW.scope = 'setup' THEN l.stretch_id = NEW.stretch_id AND l.code = NEW.code
            ELSE l.window_from <= NEW.window_to AND l.window_to >= NEW.window_from
                AND (NEW.scope = 'supply' OR l.code = NEW.code) END
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION '% for % to % is billed already as % for % to %', NEW.code,
            NEW.window_from, NEW.window_to, other.code, other.window_from, other.window_to
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'billing_lines_once';
    END IF;
    RETURN NEW;
END
$$

-- billing_lines once --
CREATE TRIGGER billing_lines_once BEFORE INSERT OR UPDATE ON billing_lines
FOR EACH ROW EXECUTE FUNCTION refuse_billed_twice()

-- secure --
SELECT secure_rows()
