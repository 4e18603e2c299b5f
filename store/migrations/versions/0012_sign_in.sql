Second factors, codes that were used, sign-ins by OIDC.

-- sessions told apart --
-- Which is which, for the person whose they are: a number to name it by, from where, with what.
ALTER TABLE sessions
    ADD COLUMN id UUID DEFAULT gen_random_uuid() NOT NULL,
    ADD COLUMN address TEXT DEFAULT '' NOT NULL,
    ADD COLUMN agent TEXT DEFAULT '' NOT NULL,
    ADD CONSTRAINT sessions_id_key UNIQUE (id)

-- organisations strict --
ALTER TABLE organisations
    ADD COLUMN second_factor_required BOOLEAN DEFAULT false NOT NULL

-- half_sessions --
-- A password was right and a second proof is wanted: good for that, and for nothing else.
CREATE TABLE half_sessions (
    token_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT half_sessions_pkey PRIMARY KEY (token_hash),
    CONSTRAINT half_sessions_token_hash CHECK (octet_length(token_hash) = 32),
    CONSTRAINT half_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)

-- half_sessions_user_id_idx --
CREATE INDEX half_sessions_user_id_idx ON half_sessions (user_id)

-- second_factors --
CREATE TABLE second_factors (
    user_id UUID NOT NULL,
    secret TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    last_step BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT second_factors_pkey PRIMARY KEY (user_id),
    CONSTRAINT second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)

-- recovery_codes --
CREATE TABLE recovery_codes (
    user_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash),
    CONSTRAINT recovery_codes_code_hash CHECK (octet_length(code_hash) = 32),
    CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)

-- password_codes --
-- One for each person at most: a new one puts an end to the one before.
CREATE TABLE password_codes (
    user_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT password_codes_pkey PRIMARY KEY (user_id),
    CONSTRAINT password_codes_code_hash_key UNIQUE (code_hash),
    CONSTRAINT password_codes_code_hash CHECK (octet_length(code_hash) = 32),
    CONSTRAINT password_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)

-- oidc_attempts --
-- Sign-ins that are at the provider now, each bound to the browser that began it.
CREATE TABLE oidc_attempts (
    state_hash BYTEA NOT NULL,
    browser_hash BYTEA NOT NULL,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    next TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT oidc_attempts_pkey PRIMARY KEY (state_hash),
    CONSTRAINT oidc_attempts_state_hash CHECK (octet_length(state_hash) = 32),
    CONSTRAINT oidc_attempts_browser_hash CHECK (octet_length(browser_hash) = 32)
)

-- oidc_attempts_created_at_idx --
CREATE INDEX oidc_attempts_created_at_idx ON oidc_attempts (created_at)

-- oidc_links --
-- Who somebody is at the provider, from their first sign-in on: a name there may change hands.
CREATE TABLE oidc_links (
    user_id UUID NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT oidc_links_pkey PRIMARY KEY (user_id),
    CONSTRAINT oidc_links_issuer_subject_key UNIQUE (issuer, subject),
    CONSTRAINT oidc_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)

-- sign_in_failures --
-- By account and by address, as hashes: what strangers type is kept by nobody.
CREATE TABLE sign_in_failures (
    key_hash BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT sign_in_failures_pkey PRIMARY KEY (key_hash),
    CONSTRAINT sign_in_failures_key_hash CHECK (octet_length(key_hash) = 32)
)

-- sign_in_failures_last_at_idx --
CREATE INDEX sign_in_failures_last_at_idx ON sign_in_failures (last_at)

-- sign_in_places --
-- Where each account has signed in: there a stranger's guesses do not hold its owner off.
CREATE TABLE sign_in_places (
    place_hash BYTEA NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT sign_in_places_pkey PRIMARY KEY (place_hash),
    CONSTRAINT sign_in_places_place_hash CHECK (octet_length(place_hash) = 32)
)

-- sign_in_places_last_at_idx --
CREATE INDEX sign_in_places_last_at_idx ON sign_in_places (last_at)
