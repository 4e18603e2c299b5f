Calls, messages and notes on a patient's timeline.

-- care_notes --
CREATE TABLE care_notes (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind TEXT NOT NULL,
    with_whom TEXT,
    direction TEXT,
    reached BOOLEAN,
    text TEXT NOT NULL,
    author UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    corrects UUID,
    CONSTRAINT care_notes_pkey PRIMARY KEY (id),
    CONSTRAINT care_notes_kind CHECK (kind IN ('call', 'video', 'visit', 'message', 'note')),
    CONSTRAINT care_notes_with_whom
        CHECK (with_whom IN ('patient', 'caregiver', 'clinician', 'pharmacy', 'laboratory', 'home_care', 'other')),
    CONSTRAINT care_notes_direction CHECK (direction IN ('to_them', 'from_them')),
    CONSTRAINT care_notes_contact CHECK ((kind = 'note') = (with_whom IS NULL)),
    CONSTRAINT care_notes_directed CHECK ((kind IN ('call', 'video', 'message')) = (direction IS NOT NULL)),
    CONSTRAINT care_notes_reached CHECK ((kind = 'note') = (reached IS NULL)),
    CONSTRAINT care_notes_text CHECK (length(text) BETWEEN 1 AND 4000),
    CONSTRAINT care_notes_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT care_notes_patient_id_fkey FOREIGN KEY(patient_id) REFERENCES patients (id),
    CONSTRAINT care_notes_author_fkey FOREIGN KEY(author) REFERENCES users (id),
    CONSTRAINT care_notes_corrects_fkey FOREIGN KEY(corrects) REFERENCES care_notes (id)
)

-- care_notes_corrects_idx --
CREATE UNIQUE INDEX care_notes_corrects_idx ON care_notes (corrects) WHERE corrects IS NOT NULL

-- care_notes_patient_id_at_idx --
CREATE INDEX care_notes_patient_id_at_idx ON care_notes (patient_id, at)

-- care_notes append only --
CREATE TRIGGER care_notes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON care_notes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
