Saved filters of the queue, and notes at the change of shifts with who has read them.

-- saved_views --
CREATE TABLE saved_views (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    user_id UUID NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    shared BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT saved_views_pkey PRIMARY KEY (id),
    CONSTRAINT saved_views_user_id_name_key UNIQUE (user_id, name),
    CONSTRAINT saved_views_organisation_id_fkey
        FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT saved_views_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id)
)

-- saved_views_organisation_id_idx --
CREATE INDEX saved_views_organisation_id_idx ON saved_views (organisation_id)

-- hand_overs --
CREATE TABLE hand_overs (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    author UUID NOT NULL,
    written_at TIMESTAMP WITH TIME ZONE NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    text TEXT NOT NULL,
    facts JSONB NOT NULL,
    CONSTRAINT hand_overs_pkey PRIMARY KEY (id),
    CONSTRAINT hand_overs_span CHECK (since <= written_at),
    CONSTRAINT hand_overs_organisation_id_fkey
        FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT hand_overs_author_fkey FOREIGN KEY(author) REFERENCES users (id)
)

-- hand_overs_organisation_id_written_at_idx --
CREATE INDEX hand_overs_organisation_id_written_at_idx ON hand_overs (organisation_id, written_at)

-- hand_overs append only --
CREATE TRIGGER hand_overs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hand_overs
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- hand_over_readers --
CREATE TABLE hand_over_readers (
    hand_over_id UUID NOT NULL,
    user_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT hand_over_readers_pkey PRIMARY KEY (hand_over_id, user_id),
    CONSTRAINT hand_over_readers_hand_over_id_fkey
        FOREIGN KEY(hand_over_id) REFERENCES hand_overs (id),
    CONSTRAINT hand_over_readers_user_id_fkey FOREIGN KEY(user_id) REFERENCES users (id),
    CONSTRAINT hand_over_readers_organisation_id_fkey
        FOREIGN KEY(organisation_id) REFERENCES organisations (id)
)
