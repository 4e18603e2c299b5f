What a locked line says about its claim, and what people have since made of it.

-- billing_record_changes --
-- Who has changed what claims say of the practice, of its payers and of its practitioners.
CREATE TABLE billing_record_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    what TEXT NOT NULL,
    record_id UUID,
    fields TEXT[] NOT NULL,
    actor UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT billing_record_changes_pkey PRIMARY KEY (id),
    CONSTRAINT billing_record_changes_what CHECK (what IN ('practice', 'payer', 'practitioner')),
    CONSTRAINT billing_record_changes_fields CHECK (cardinality(fields) > 0),
    CONSTRAINT billing_record_changes_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)

-- billing_record_changes_organisation_id_at_idx --
CREATE INDEX billing_record_changes_organisation_id_at_idx ON billing_record_changes (organisation_id, at)

-- billing_record_changes append only --
CREATE TRIGGER billing_record_changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON billing_record_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- billing_adjustments details --
ALTER TABLE billing_adjustments ADD COLUMN details JSONB DEFAULT '[]' NOT NULL

-- no direction --
ALTER TABLE billing_adjustments DROP CONSTRAINT billing_adjustments_direction

-- billing_adjustments_direction --
ALTER TABLE billing_adjustments ADD CONSTRAINT billing_adjustments_direction
CHECK (direction IN ('none', 'up', 'down', 'code_change', 'details'))

-- sealed lines --
-- A line stays what it is: a line of a month, of a patient and of a code; and none is ever removed.
CREATE FUNCTION refuse_another_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a claim line is not deleted: hold it, or say that it is void'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.id, NEW.organisation_id, NEW.patient_id, NEW.month_id, NEW.stretch_id, NEW.service,
            NEW.scope, NEW.code, NEW.window_from)
        IS DISTINCT FROM (OLD.id, OLD.organisation_id, OLD.patient_id, OLD.month_id,
            OLD.stretch_id, OLD.service, OLD.scope, OLD.code, OLD.window_from)
    THEN
        RAISE EXCEPTION 'a claim line stays of its month, patient and code'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$

-- billing_lines sealed --
CREATE TRIGGER billing_lines_sealed BEFORE UPDATE OR DELETE ON billing_lines
FOR EACH ROW EXECUTE FUNCTION refuse_another_line()

-- sealed months --
-- A locked month is never opened again, and who locked it first, and when, stays.
CREATE FUNCTION refuse_opening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.version > 0 AND (
        TG_OP = 'DELETE' OR NEW.version < OLD.version OR NEW.month <> OLD.month
        OR (NEW.locked_at, NEW.locked_by) IS DISTINCT FROM (OLD.locked_at, OLD.locked_by)
    ) THEN
        RAISE EXCEPTION 'a locked month is not opened again: record an adjustment'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$

-- billing_months sealed --
CREATE TRIGGER billing_months_sealed BEFORE UPDATE OR DELETE ON billing_months
FOR EACH ROW EXECUTE FUNCTION refuse_opening()

-- secure --
SELECT secure_rows()
