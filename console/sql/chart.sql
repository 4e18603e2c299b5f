What a patient's chart shows. Every statement names the organisation ($1).

-- banner --
SELECT p.id, p.mrn, p.given_name, p.family_name, p.birth_date, p.time_zone, p.language, p.sex,
    p.phone, p.allergies, p.weight_unit, p.glucose_unit,
    (SELECT count(*) FROM alerts a
        WHERE a.organisation_id = $1 AND a.patient_id = p.id AND a.ended_at IS NULL) AS alerts,
    (SELECT max(array_position(ARRAY['low', 'medium', 'high', 'critical'], a.severity))
        FROM alerts a
        WHERE a.organisation_id = $1 AND a.patient_id = p.id AND a.ended_at IS NULL) AS worst,
    ARRAY(
        SELECT coalesce(
            (SELECT g.title FROM programmes g WHERE g.id = e.programme
                ORDER BY g.version DESC LIMIT 1),
            e.programme
        )
        FROM episodes e
        WHERE e.organisation_id = $1 AND e.patient_id = p.id
            AND e.starts_at <= $3 AND (e.ends_at IS NULL OR e.ends_at > $3)
        ORDER BY e.starts_at
    ) AS programmes
FROM patients p
WHERE p.organisation_id = $1 AND p.id = $2
