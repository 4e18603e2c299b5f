-- contacts_receipts --
ALTER TABLE contacts ADD COLUMN receipts BOOLEAN DEFAULT false NOT NULL

-- contacts_channel_address_idx --
CREATE INDEX contacts_channel_address_idx ON contacts (channel, address)

-- notifications_what --
ALTER TABLE notifications
    ADD COLUMN what TEXT DEFAULT 'alert' NOT NULL,
    ADD COLUMN facts JSONB DEFAULT '{}' NOT NULL,
    ADD CONSTRAINT notifications_what CHECK (what IN ('alert', 'test', 'reminder', 'receipt'))

-- notifications_provider_idx --
CREATE INDEX notifications_provider_idx ON notifications (provider_id)
WHERE provider_id IS NOT NULL

-- notifications_patient_idx --
CREATE INDEX notifications_patient_idx ON notifications (patient_id, created_at)
WHERE what IN ('reminder', 'receipt')

-- notifications_organisation_id_created_at_idx --
CREATE INDEX notifications_organisation_id_created_at_idx
ON notifications (organisation_id, created_at)
