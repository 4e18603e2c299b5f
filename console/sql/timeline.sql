A patient's timeline, one statement for each kind of thing. Every one names the organisation ($1);
$2 patient; $3 to $5 the place of the last item seen: at, kind, key; $6 at most so many.
The latest first, then by kind and key.

-- readings --
-- One row for each day and kind of measurement.
SELECT max(measured_at) AS at, local_day || ' ' || kind AS key, local_day, kind,
    count(*) AS readings, min(systolic) AS systolic_low, max(systolic) AS systolic_high,
    min(diastolic) AS diastolic_low, max(diastolic) AS diastolic_high,
    min(weight) AS weight_low, max(weight) AS weight_high,
    min(glucose) AS glucose_low, max(glucose) AS glucose_high,
    min(spo2) AS spo2_low, max(spo2) AS spo2_high,
    min(temperature) AS temperature_low, max(temperature) AS temperature_high,
    min(heart_rate) AS heart_rate_low, max(heart_rate) AS heart_rate_high,
    min(body_fat) AS body_fat_low, max(body_fat) AS body_fat_high
FROM readings
WHERE organisation_id = $1 AND patient_id = $2
GROUP BY local_day, kind
HAVING $3::timestamptz IS NULL OR max(measured_at) < $3
    OR (max(measured_at) = $3 AND ('readings', local_day || ' ' || kind) > ($4::text, $5::text))
ORDER BY 1 DESC, 2
LIMIT $6

-- alerts --
SELECT e.at, lpad(e.id::text, 20, '0') AS key, e.event, e.reason, e.facts::text AS facts,
    coalesce(nullif(u.display_name, ''), u.username) AS who, a.id AS alert, a.label, a.severity,
    a.lane
FROM alert_events e
JOIN alerts a ON a.id = e.alert_id
LEFT JOIN users u ON u.id = e.actor
WHERE e.organisation_id = $1 AND e.patient_id = $2
    AND ($3::timestamptz IS NULL OR e.at < $3
        OR (e.at = $3 AND ('alerts', lpad(e.id::text, 20, '0')) > ($4::text, $5::text)))
ORDER BY e.at DESC, key
LIMIT $6

-- notes --
SELECT n.at, n.id::text AS key, n.id, n.kind, n.with_whom, n.direction, n.reached, n.text,
    coalesce(nullif(u.display_name, ''), u.username) AS who, n.recorded_at, n.corrects,
    later.id AS corrected_by
FROM care_notes n
JOIN users u ON u.id = n.author
LEFT JOIN care_notes later ON later.corrects = n.id
WHERE n.organisation_id = $1 AND n.patient_id = $2
    AND ($3::timestamptz IS NULL OR n.at < $3
        OR (n.at = $3 AND ('notes', n.id::text) > ($4::text, $5::text)))
ORDER BY n.at DESC, key
LIMIT $6

-- changes --
SELECT c.at, lpad(c.id::text, 20, '0') AS key, c.what, c.reason, c.facts::text AS facts,
    coalesce(nullif(u.display_name, ''), u.username) AS who
FROM care_changes c
LEFT JOIN users u ON u.id = c.actor
WHERE c.organisation_id = $1 AND c.patient_id = $2
    AND ($3::timestamptz IS NULL OR c.at < $3
        OR (c.at = $3 AND ('changes', lpad(c.id::text, 20, '0')) > ($4::text, $5::text)))
ORDER BY c.at DESC, key
LIMIT $6

-- devices --
SELECT s.at, s.key, s.began, s.label, s.address, s.user_slot, s.device, s.who
FROM (
    SELECT e.at, a.id::text || e.suffix AS key, e.began, d.label, d.address, a.user_slot,
        d.id AS device,
        CASE WHEN e.began THEN coalesce(nullif(u.display_name, ''), u.username) END AS who
    FROM device_assignments a
    JOIN devices d ON d.id = a.device_id
    LEFT JOIN users u ON u.id = a.created_by
    CROSS JOIN LATERAL (
        VALUES (a.starts_at, true, ' began'), (a.ends_at, false, ' ended')
    ) AS e (at, began, suffix)
    WHERE a.organisation_id = $1 AND a.patient_id = $2 AND e.at IS NOT NULL
) AS s
WHERE $3::timestamptz IS NULL OR s.at < $3
    OR (s.at = $3 AND ('devices', s.key) > ($4::text, $5::text))
ORDER BY s.at DESC, s.key
LIMIT $6

-- time --
-- Entries that nothing takes the place of.
SELECT t.started_at AS at, t.id::text AS key, t.activity, t.mode, t.with_whom, t.note, t.seconds,
    t.staff_name AS who, t.source
FROM time_entries t
WHERE t.organisation_id = $1 AND t.patient_id = $2 AND NOT t.withdrawn
    AND NOT EXISTS (SELECT FROM time_entries later WHERE later.corrects = t.id)
    AND ($3::timestamptz IS NULL OR t.started_at < $3
        OR (t.started_at = $3 AND ('time', t.id::text) > ($4::text, $5::text)))
ORDER BY t.started_at DESC, key
LIMIT $6
