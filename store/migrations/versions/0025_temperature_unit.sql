In which unit pages show a temperature. What is stored stays in degrees Celsius.

-- organisations --
ALTER TABLE organisations
    ADD COLUMN temperature_unit TEXT DEFAULT 'F' NOT NULL,
    ADD CONSTRAINT organisations_temperature_unit CHECK (temperature_unit IN ('C', 'F'))

-- patients --
ALTER TABLE patients
    ADD COLUMN temperature_unit TEXT DEFAULT 'F' NOT NULL,
    ADD CONSTRAINT patients_temperature_unit CHECK (temperature_unit IN ('C', 'F'))

-- who weighs in kilograms --
-- Nobody has chosen so far: where weights are shown in kilograms, degrees Celsius are at home.
UPDATE organisations SET temperature_unit = 'C' WHERE weight_unit = 'kg'

-- whose weight is in kilograms --
UPDATE patients SET temperature_unit = 'C' WHERE weight_unit = 'kg'
