Invitations of caregivers.

-- invitations --
-- One for each person who was asked. It stays when it has been used: it says who let them in.
CREATE TABLE invitations (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    organisation_id UUID NOT NULL,
    patient_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    relation TEXT NOT NULL,
    invited_by UUID,
    inviter TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    user_id UUID,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_by UUID,
    CONSTRAINT invitations_pkey PRIMARY KEY (id),
    CONSTRAINT invitations_relation CHECK (relation IN ('daughter', 'son', 'partner', 'parent',
        'sibling', 'relative', 'friend', 'neighbour', 'helper')),
    CONSTRAINT invitations_inviter CHECK (inviter IN ('patient', 'staff')),
    CONSTRAINT invitations_code_hash CHECK (octet_length(code_hash) = 32),
    CONSTRAINT invitations_used CHECK ((used_at IS NULL) = (user_id IS NULL)),
    CONSTRAINT invitations_span CHECK (expires_at > created_at),
    CONSTRAINT invitations_organisation_id_fkey FOREIGN KEY (organisation_id)
        REFERENCES organisations (id),
    CONSTRAINT invitations_patient_id_fkey FOREIGN KEY (patient_id) REFERENCES patients (id),
    CONSTRAINT invitations_code_hash_key UNIQUE (code_hash),
    CONSTRAINT invitations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id)
)

-- invitations_patient_id_created_at_idx --
CREATE INDEX invitations_patient_id_created_at_idx ON invitations (patient_id, created_at)

-- invitations_user_id_idx --
CREATE INDEX invitations_user_id_idx ON invitations (user_id)
