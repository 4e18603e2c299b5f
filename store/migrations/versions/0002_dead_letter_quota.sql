-- How much of a dead letter is kept, and how much waits from each sender. Frozen.

-- size --
ALTER TABLE dead_letters ADD COLUMN size_bytes INTEGER

-- senders --
CREATE TABLE dead_letter_senders (
    sender TEXT NOT NULL,
    organisation_id UUID,
    letters BIGINT DEFAULT 0 NOT NULL,
    bytes BIGINT DEFAULT 0 NOT NULL,
    truncated BIGINT DEFAULT 0 NOT NULL,
    only_counted BIGINT DEFAULT 0 NOT NULL,
    only_counted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT dead_letter_senders_pkey PRIMARY KEY (sender)
)
WITH (fillfactor = 50)

-- what waits already --
INSERT INTO dead_letter_senders (sender, organisation_id, letters, bytes)
SELECT coalesce(CASE WHEN organisation_id IS NOT NULL THEN gateway_id END, '') AS sender,
    min(organisation_id::text)::uuid, count(*), sum(octet_length(payload))
FROM dead_letters
WHERE replayed_at IS NULL
GROUP BY sender
