The append-only, hash-chained audit log. One chain for each organisation; that of nobody (the zero
id) holds what belongs to none, such as sign-ins with names that nobody has.

-- audit --
CREATE TABLE audit (
    organisation_id UUID NOT NULL,
    position BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    via TEXT NOT NULL,
    actor UUID,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    action TEXT NOT NULL,
    route TEXT NOT NULL,
    outcome TEXT NOT NULL,
    status SMALLINT,
    patients UUID[] DEFAULT '{}' NOT NULL,
    object_kind TEXT,
    object_id TEXT,
    reason TEXT,
    address TEXT,
    request_id TEXT,
    detail JSONB DEFAULT '{}' NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (organisation_id, position),
    CONSTRAINT audit_via CHECK (via IN ('page', 'api', 'command', 'system')),
    CONSTRAINT audit_outcome CHECK (outcome IN ('done', 'refused', 'failed')),
    CONSTRAINT audit_position CHECK (position > 0),
    CONSTRAINT audit_previous CHECK (octet_length(previous) = 32),
    CONSTRAINT audit_hash CHECK (octet_length(hash) = 32)
)

-- audit_organisation_id_at_idx --
CREATE INDEX audit_organisation_id_at_idx ON audit (organisation_id, at)

-- audit_organisation_id_actor_position_idx --
CREATE INDEX audit_organisation_id_actor_position_idx ON audit (organisation_id, actor, position)

-- audit_patients_idx --
CREATE INDEX audit_patients_idx ON audit USING gin (patients)

-- audit append only --
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- one part of what is hashed --
-- `store.audit.encoded` is the same in Python: a verifier must not have to believe the database.
CREATE FUNCTION audit_part(value TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
SELECT coalesce(octet_length(value) || ':' || value, '-')
$$

-- what is hashed --
-- Each part with its length before it: no two rows have one encoding.
CREATE FUNCTION audit_hash(entry audit) RETURNS BYTEA LANGUAGE sql STABLE AS $$
SELECT sha256(entry.previous || convert_to(concat(
    audit_part(entry.organisation_id::text),
    audit_part(entry.position::text),
    audit_part(to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')),
    audit_part(entry.via),
    audit_part(entry.actor::text),
    audit_part(entry.actor_name),
    audit_part(entry.actor_role),
    audit_part(entry.action),
    audit_part(entry.route),
    audit_part(entry.outcome),
    audit_part(entry.status::text),
    audit_part(array_to_string(entry.patients, ',')),
    audit_part(entry.object_kind),
    audit_part(entry.object_id),
    audit_part(entry.reason),
    audit_part(entry.address),
    audit_part(entry.request_id),
    audit_part(entry.detail::text)
), 'UTF8'))
$$

-- append --
-- The lock is the last that a transaction takes, and goes with its commit: whoever has it waits
-- for nobody, so nobody waits for it in a circle.
CREATE FUNCTION audit_append(whose UUID, told JSONB) RETURNS BIGINT
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    entry audit;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('hearthbeat audit ' || whose, 0));
    SELECT last.position, last.hash INTO entry.position, entry.previous
    FROM audit last WHERE last.organisation_id = whose ORDER BY last.position DESC LIMIT 1;
    entry.organisation_id := whose;
    entry.position := coalesce(entry.position, 0) + 1;
    entry.previous := coalesce(entry.previous, decode(repeat('00', 32), 'hex'));
    entry.at := (told ->> 'at')::timestamptz;
    entry.via := told ->> 'via';
    entry.actor := (told ->> 'actor')::uuid;
    entry.actor_name := told ->> 'actor_name';
    entry.actor_role := told ->> 'actor_role';
    entry.action := told ->> 'action';
    entry.route := told ->> 'route';
    entry.outcome := told ->> 'outcome';
    entry.status := (told ->> 'status')::smallint;
    entry.patients := ARRAY(SELECT jsonb_array_elements_text(told -> 'patients')::uuid);
    entry.object_kind := told ->> 'object_kind';
    entry.object_id := told ->> 'object_id';
    entry.reason := told ->> 'reason';
    entry.address := told ->> 'address';
    entry.request_id := told ->> 'request_id';
    entry.detail := coalesce(told -> 'detail', '{}');
    entry.hash := audit_hash(entry);
    INSERT INTO audit SELECT entry.*;
    RETURN entry.position;
END
$$

-- append for a request --
-- What the console's role may do with the log, besides reading it: add to the end of the chain of
-- the organisation that its connection stands for.
CREATE FUNCTION audit_note(told JSONB) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whose UUID := nullif(current_setting('app.organisation', true), '')::uuid;
BEGIN
    IF whose IS NULL THEN
        RAISE EXCEPTION 'nobody''s organisation' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN audit_append(whose, told);
END
$$

-- rows about a patient --
-- With the rights of the owner: under row level security the index on patients cannot be used, for
-- PostgreSQL does not know that looking for an element of an array tells nobody of other rows.
CREATE FUNCTION audit_of_patient(whom UUID) RETURNS SETOF BIGINT
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT position FROM audit
WHERE organisation_id = nullif(current_setting('app.organisation', true), '')::uuid
    AND patients @> ARRAY[whom]
$$

-- append is not for everybody --
REVOKE EXECUTE ON FUNCTION audit_append(UUID, JSONB) FROM PUBLIC

-- nor is append for a request --
REVOKE EXECUTE ON FUNCTION audit_note(JSONB) FROM PUBLIC

-- nor are rows about a patient --
REVOKE EXECUTE ON FUNCTION audit_of_patient(UUID) FROM PUBLIC
