What an evaluation reconciles with: see the statement `touched` of alerts.

-- alerts_touched_idx --
CREATE INDEX alerts_touched_idx
ON alerts (patient_id, coalesce(cleared_at, 'infinity'::timestamp with time zone))
WHERE subject_kind = 'patient'
