What pages say of people: of patients a telephone, a sex, allergies and units; of users a name.

-- organisations reached --
ALTER TABLE organisations
    ADD COLUMN phone TEXT,
    ADD COLUMN emergency_number TEXT

-- patients known --
ALTER TABLE patients
    ADD COLUMN sex TEXT DEFAULT 'unknown' NOT NULL,
    ADD COLUMN phone TEXT,
    ADD COLUMN allergies TEXT,
    ADD COLUMN weight_unit TEXT DEFAULT 'lb' NOT NULL,
    ADD COLUMN glucose_unit TEXT DEFAULT 'mg/dL' NOT NULL,
    ADD CONSTRAINT patients_sex CHECK (sex IN ('female', 'male', 'other', 'unknown')),
    ADD CONSTRAINT patients_weight_unit CHECK (weight_unit IN ('kg', 'lb')),
    ADD CONSTRAINT patients_glucose_unit CHECK (glucose_unit IN ('mg/dL', 'mmol/L'))

-- users named --
ALTER TABLE users
    ADD COLUMN display_name TEXT DEFAULT '' NOT NULL,
    ADD COLUMN credential TEXT DEFAULT '' NOT NULL,
    ADD COLUMN preferences JSONB DEFAULT '{}' NOT NULL
