Billing: who bills and who pays, what is enrolled, fees, months, lines and what became of them.

-- begin --
SELECT 1
