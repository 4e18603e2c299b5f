Row level security per organisation, and the role that the console's requests run as.

What is secured is found in the catalogue, so that tables that later migrations make are covered by
one more call of `secure_rows`: `hearthbeat migrate` makes it each time.

-- the role --
-- Where this user may not make roles, somebody else does: docs/security.md, Tenancy.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hearthbeat_console') THEN
        CREATE ROLE hearthbeat_console NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT pg_has_role(current_user, 'hearthbeat_console', 'MEMBER') THEN
        EXECUTE format('GRANT hearthbeat_console TO %I', current_user);
    END IF;
EXCEPTION
    -- Another database of this server is migrated now, and makes the same role.
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE WARNING 'the role hearthbeat_console cannot be made: see docs/security.md';
END
$$

-- stands alone --
-- What gateways send that nobody has enrolled is the only clinic's, where there is only one.
CREATE FUNCTION stands_alone() RETURNS BOOLEAN
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT count(*) <= 1 FROM organisations WHERE id <> '00000000-0000-0000-0000-000000000000'
$$

-- whose rows --
-- The condition under which a row is the current organisation's; NULL: the table is nobody's.
CREATE FUNCTION row_rule(target REGCLASS) RETURNS TEXT LANGUAGE plpgsql STABLE AS $$
DECLARE
    names TEXT[] := ARRAY(
        SELECT attname::text FROM pg_attribute
        WHERE attrelid = target AND attnum > 0 AND NOT attisdropped
    );
    title TEXT := (SELECT relname FROM pg_class WHERE oid = target);
    -- nullif: a setting that was set once and reset is '' and not NULL.
    mine TEXT := $x$ = nullif(current_setting('app.organisation', true), '')::uuid$x$;
    nobody TEXT := $x$'00000000-0000-0000-0000-000000000000'$x$;
BEGIN
    CASE
        WHEN title = 'organisations' THEN
            RETURN 'id' || mine;
        WHEN title IN ('readings', 'dead_letters', 'dead_letter_senders') THEN
            RETURN format(
                'organisation_id %s OR coalesce(organisation_id, %s) = %s AND (SELECT stands_alone())',
                mine, nobody, nobody
            );
        WHEN 'organisation_id' = ANY (names) THEN
            RETURN 'organisation_id' || mine;
        -- The subquery is under the other table's own rule.
        WHEN 'user_id' = ANY (names) THEN
            RETURN format('EXISTS (SELECT FROM users WHERE users.id = %I.user_id)', title);
        WHEN 'patient_id' = ANY (names) THEN
            RETURN format('EXISTS (SELECT FROM patients WHERE patients.id = %I.patient_id)', title);
        WHEN 'alert_id' = ANY (names) THEN
            RETURN format('EXISTS (SELECT FROM alerts WHERE alerts.id = %I.alert_id)', title);
        WHEN 'gateway_id' = ANY (names) THEN
            RETURN format('EXISTS (SELECT FROM gateways WHERE gateways.id = %I.gateway_id)', title);
        WHEN title = 'reading_keys' THEN
            RETURN 'EXISTS (SELECT FROM readings r WHERE r.measured_at = reading_keys.measured_at'
                || ' AND r.id = reading_keys.id)';
        ELSE
            RETURN NULL;
    END CASE;
END
$$

-- what may be done --
-- By requests of the console, with a table: what is history is added to and never changed, and
-- what is part of somebody's record is never deleted.
CREATE FUNCTION console_may(target REGCLASS) RETURNS TEXT LANGUAGE plpgsql STABLE AS $$
DECLARE
    title TEXT := (SELECT relname FROM pg_class WHERE oid = target);
BEGIN
    CASE
        WHEN title IN ('audit', 'reading_keys') THEN
            RETURN 'SELECT';
        WHEN EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = target AND tgfoid = 'refuse_change'::regproc
        ) THEN
            RETURN 'SELECT, INSERT';
        WHEN title IN ('organisations') THEN
            RETURN 'SELECT, UPDATE';
        WHEN title IN (
            'alerts', 'care_team', 'consents', 'contacts', 'dead_letter_senders', 'dead_letters',
            'device_assignments', 'devices', 'episodes', 'escalations', 'gateway_health',
            'gateway_progress', 'gateways', 'notifications', 'orders', 'patients', 'plan_versions',
            'readings', 'repeat_requests', 'users'
        ) THEN
            RETURN 'SELECT, INSERT, UPDATE';
        -- Counts by hashes of what somebody typed; they lead to nobody.
        WHEN title IN ('sign_in_failures', 'sign_in_places') OR row_rule(target) IS NOT NULL THEN
            RETURN 'SELECT, INSERT, UPDATE, DELETE';
        ELSE
            RETURN NULL;
    END CASE;
END
$$

-- secure rows --
CREATE FUNCTION secure_rows() RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    target RECORD;
    rule TEXT;
    may TEXT;
BEGIN
    FOR target IN
        SELECT oid::regclass AS name, relname, relrowsecurity AS secured
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND NOT relispartition AND relname <> 'alembic_version'
        ORDER BY relname
    LOOP
        rule := row_rule(target.name);
        IF rule IS NOT NULL AND NOT target.secured THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target.name);
            EXECUTE format('CREATE POLICY of_organisation ON %s USING (%s)', target.name, rule);
        END IF;
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hearthbeat_console') THEN
            CONTINUE;
        END IF;
        may := console_may(target.name);
        EXECUTE format('REVOKE ALL ON %s FROM hearthbeat_console', target.name);
        IF may IS NOT NULL THEN
            EXECUTE format('GRANT %s ON %s TO hearthbeat_console', may, target.name);
        END IF;
    END LOOP;
    PERFORM secure_rest();
END
$$

-- secure the rest --
CREATE FUNCTION secure_rest() RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    seen RECORD;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hearthbeat_console') THEN
        RETURN;
    END IF;
    GRANT USAGE ON SCHEMA public TO hearthbeat_console;
    GRANT EXECUTE ON FUNCTION audit_note(JSONB), audit_of_patient(UUID) TO hearthbeat_console;
    FOR seen IN
        SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
            AND 'security_invoker=true' = ANY (reloptions)
    LOOP
        EXECUTE format('GRANT SELECT ON %s TO hearthbeat_console', seen.name);
    END LOOP;
    -- Hashes of passwords are read where somebody signs in, and there is no organisation yet.
    REVOKE SELECT ON users FROM hearthbeat_console;
    EXECUTE (
        SELECT format('GRANT SELECT (%s) ON users TO hearthbeat_console',
            string_agg(quote_ident(attname), ', ' ORDER BY attnum))
        FROM pg_attribute
        WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped
            AND attname <> 'password_hash'
    );
END
$$

-- now --
SELECT secure_rows()
