-- gateway_health trouble --
-- A length in the type and no CHECK: nothing is looked through, however many months there are.
ALTER TABLE gateway_health ADD COLUMN trouble VARCHAR(64), ADD COLUMN undecodable BIGINT
