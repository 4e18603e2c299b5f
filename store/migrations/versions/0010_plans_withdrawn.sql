A version of a plan that has not begun can be withdrawn; others are set between versions.

-- plan_versions withdrawn --
ALTER TABLE plan_versions
    ADD COLUMN withdrawn_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN withdrawn_by UUID,
    ADD COLUMN withdraw_reason TEXT,
    ADD CONSTRAINT plan_versions_withdrawn CHECK (withdrawn_at < effective_from),
    ADD CONSTRAINT plan_versions_withdraw_reason
        CHECK ((withdrawn_at IS NULL) = (withdraw_reason IS NULL)),
    DROP CONSTRAINT plan_versions_patient_id_effective_from_key

-- plan_versions_begin_idx --
CREATE UNIQUE INDEX plan_versions_begin_idx ON plan_versions (patient_id, effective_from)
WHERE withdrawn_at IS NULL

-- plan_versions_in_force_idx gone --
DROP INDEX plan_versions_in_force_idx

-- plan_versions_in_force_idx --
CREATE UNIQUE INDEX plan_versions_in_force_idx ON plan_versions (patient_id)
WHERE effective_to IS NULL AND withdrawn_at IS NULL

-- plans_apart --
-- An exclusion constraint on a patient and a span needs an extension that not every server has.
CREATE FUNCTION plans_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM plan_versions v
        WHERE v.patient_id = NEW.patient_id AND v.id <> NEW.id AND v.withdrawn_at IS NULL
            AND v.effective_from < coalesce(NEW.effective_to, 'infinity')
            AND NEW.effective_from < coalesce(v.effective_to, 'infinity')
    ) THEN
        RAISE EXCEPTION 'two plans would be in force at once'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'plans_apart';
    END IF;
    RETURN NULL;
END
$$

-- trigger plan_versions apart --
CREATE TRIGGER plans_apart AFTER INSERT OR UPDATE ON plan_versions
FOR EACH ROW WHEN (NEW.withdrawn_at IS NULL) EXECUTE FUNCTION plans_apart()
