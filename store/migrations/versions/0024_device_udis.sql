The UDI of a device, by whom it was said; the fee locality; which rules an import replaces.

-- device_udis --
-- Whatever has been said of a device's UDI, by people and by the device itself. The latest of people
-- holds; where nobody has said one, or it was taken away, the latest that the device has said.
CREATE TABLE device_udis (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    organisation_id UUID NOT NULL,
    device_id UUID NOT NULL,
    source TEXT NOT NULL,
    udi TEXT,
    issuer TEXT,
    di TEXT,
    lot TEXT,
    serial TEXT,
    expires_on DATE,
    made_on DATE,
    stated_by UUID,
    gateway_id TEXT,
    reason TEXT DEFAULT '' NOT NULL,
    stated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT device_udis_pkey PRIMARY KEY (id),
    CONSTRAINT device_udis_source CHECK (source IN ('person', 'device')),
    CONSTRAINT device_udis_issuer CHECK (issuer IN ('gs1', 'hibcc', 'iccbba')),
    CONSTRAINT device_udis_whole CHECK ((udi IS NULL) = (di IS NULL) AND (udi IS NULL) = (issuer IS NULL)),
    CONSTRAINT device_udis_taken_away CHECK (udi IS NOT NULL OR source = 'person'),
    CONSTRAINT device_udis_organisation_id_fkey FOREIGN KEY(organisation_id) REFERENCES organisations (id),
    CONSTRAINT device_udis_device_id_fkey FOREIGN KEY(device_id) REFERENCES devices (id)
)

-- device_udis_device_id_source_id_idx --
CREATE INDEX device_udis_device_id_source_id_idx ON device_udis (device_id, source, id)

-- device_udis_organisation_id_di_idx --
-- A maker calls devices back by device identifier and lot.
CREATE INDEX device_udis_organisation_id_di_idx ON device_udis (organisation_id, di)

-- device_udis append only --
CREATE TRIGGER device_udis_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON device_udis
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()

-- practice_profiles fee locality --
-- Whose fees hold where a file has several localities. Empty: the practice has not said.
ALTER TABLE practice_profiles ADD COLUMN fee_locality TEXT DEFAULT '' NOT NULL

-- rule_set_statements replaces --
-- Names of the sets whose confirmed days an import takes, because somebody has said so.
ALTER TABLE rule_set_statements ADD COLUMN replaces TEXT[] DEFAULT '{}' NOT NULL

-- no consents kind --
ALTER TABLE consents DROP CONSTRAINT consents_kind

-- consents kind --
-- Care programmes need a consent of their own (E-2).
ALTER TABLE consents ADD CONSTRAINT consents_kind
CHECK (kind IN ('monitoring', 'billing', 'messages', 'data_sharing', 'ccm', 'pcm', 'bhi'))

-- secure --
SELECT secure_rows()
