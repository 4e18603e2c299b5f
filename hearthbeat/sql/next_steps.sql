What the register of a clinic holds.

-- have --
-- Whether there is any of each; the organisation of the unclaimed is none.
SELECT EXISTS (SELECT FROM organisations WHERE id <> $1) AS organisations,
       EXISTS (SELECT FROM users) AS users,
       EXISTS (SELECT FROM patients) AS patients,
       EXISTS (SELECT FROM gateways) AS gateways
