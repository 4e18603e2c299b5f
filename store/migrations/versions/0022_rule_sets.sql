Rule sets of billing that a practice imports, and through when it confirms which.

-- rule_set_statements --
CREATE TABLE rule_set_statements (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    kind TEXT NOT NULL,
    set_name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    confirmed_through DATE NOT NULL,
    reason TEXT NOT NULL,
    recorded_by UUID,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT rule_set_statements_pkey PRIMARY KEY (id),
    CONSTRAINT rule_set_statements_kind CHECK (kind IN ('imported', 'confirmed')),
    CONSTRAINT rule_set_statements_body CHECK ((kind = 'imported') = (body IS NOT NULL)),
    CONSTRAINT rule_set_statements_version CHECK (version > 0),
    CONSTRAINT rule_set_statements_reason CHECK (length(reason) > 0),
    CONSTRAINT rule_set_statements_sha256 CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT rule_set_statements_organisation_id_fkey FOREIGN KEY (organisation_id)
        REFERENCES organisations (id)
)

-- rule_set_statements_organisation_id_id_idx --
CREATE INDEX rule_set_statements_organisation_id_id_idx ON rule_set_statements (organisation_id, id)

-- rule_set_statements_imported_idx --
CREATE UNIQUE INDEX rule_set_statements_imported_idx
ON rule_set_statements (organisation_id, set_name, version)
WHERE kind = 'imported'

-- rule_set_statements append only --
CREATE TRIGGER rule_set_statements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
ON rule_set_statements
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- secure --
SELECT secure_rows()
