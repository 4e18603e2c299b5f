-- attribution_changes --
CREATE TABLE attribution_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    reading_id UUID NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind TEXT NOT NULL,
    from_attribution TEXT NOT NULL,
    from_reason TEXT,
    from_patient UUID,
    from_day DATE NOT NULL,
    to_attribution TEXT NOT NULL,
    to_reason TEXT,
    to_patient UUID,
    to_day DATE NOT NULL,
    actor UUID,
    why TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT attribution_changes_pkey PRIMARY KEY (id),
    CONSTRAINT attribution_changes_from_attribution
        CHECK (from_attribution IN ('assigned', 'ambiguous', 'quarantined', 'reassigned')),
    CONSTRAINT attribution_changes_to_attribution
        CHECK (to_attribution IN ('assigned', 'ambiguous', 'quarantined', 'reassigned')),
    CONSTRAINT attribution_changes_why CHECK (length(why) > 0)
)

-- attribution_changes_reading_id_idx --
CREATE INDEX attribution_changes_reading_id_idx ON attribution_changes (reading_id)

-- attribution_changes_from_patient_measured_at_idx --
CREATE INDEX attribution_changes_from_patient_measured_at_idx
ON attribution_changes (from_patient, measured_at)

-- append only --
CREATE TRIGGER attribution_changes_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON attribution_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- devices_gateway_id_idx --
CREATE INDEX devices_gateway_id_idx ON devices (gateway_id)
