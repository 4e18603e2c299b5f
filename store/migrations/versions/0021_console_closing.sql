What the console keeps of doubts that were looked at, and of browsers that people sign in with.

-- doubt_marks --
-- Somebody has seen a reading that no name makes good, or takes that back. The last one holds, as
-- long as the reading is held back for the same reason.
CREATE TABLE doubt_marks (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    reading_id UUID NOT NULL,
    measured_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT NOT NULL,
    seen BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    by UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT doubt_marks_pkey PRIMARY KEY (id),
    CONSTRAINT doubt_marks_organisation_id_fkey FOREIGN KEY (organisation_id)
        REFERENCES organisations (id),
    CONSTRAINT doubt_marks_by_fkey FOREIGN KEY (by) REFERENCES users (id),
    CONSTRAINT doubt_marks_note CHECK (length(note) <= 500)
)

-- doubt_marks_organisation_id_reading_id_id_idx --
CREATE INDEX doubt_marks_organisation_id_reading_id_id_idx
ON doubt_marks (organisation_id, reading_id, id)

-- doubt_marks append only --
CREATE TRIGGER doubt_marks_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON doubt_marks
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- known_browsers --
-- With which browsers each account has signed in: there others' guesses do not hold it off.
CREATE TABLE known_browsers (
    browser_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT known_browsers_pkey PRIMARY KEY (browser_hash, user_id),
    CONSTRAINT known_browsers_browser_hash CHECK (octet_length(browser_hash) = 32),
    CONSTRAINT known_browsers_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)

-- known_browsers_user_id_idx --
CREATE INDEX known_browsers_user_id_idx ON known_browsers (user_id)

-- known_browsers_last_at_idx --
CREATE INDEX known_browsers_last_at_idx ON known_browsers (last_at)

-- now --
SELECT secure_rows()
