What is known of a clinic's gateways, devices and patients: a few queries for all of them at once.
Owned by alerts.technical.reading and alerts.technical.sweep.

-- organisations --
SELECT id, time_zone FROM organisations WHERE id <> $1 ORDER BY id

-- alone --
-- What nobody has claimed is shown to a clinic only where it is the only one.
SELECT count(*) = 1 FROM organisations WHERE id <> $1

-- lead --
-- One sweep of a clinic at a time; whoever comes second has nothing to do.
SELECT pg_try_advisory_xact_lock(hashtextextended($1::uuid::text, 4846))

-- gateways --
-- What each said last, by our clock: theirs may be wrong. A last will says that it is gone, and
-- nothing else: how it and its devices are stands in the last status before. Health rows before $3
-- are not looked at; a reading of its outbox is a word of it too. Since when it has been in trouble
-- is looked for in the quarter of an hour before its last word of it.
SELECT g.id, g.label, g.transport, g.enrolled_at, last.state,
    greatest(
        CASE WHEN last.state = 'online' THEN last.received_at ELSE before.received_at END,
        CASE WHEN NOT isempty(p.received) THEN p.updated_at END
    ) AS heard_at,
    CASE WHEN last.state = 'online' THEN last.devices ELSE before.devices END::text AS devices,
    word.at IS NOT NULL AS told, word.trouble, word.undecodable, troubled.since AS trouble_at
FROM gateways g
LEFT JOIN gateway_progress p ON p.gateway_id = g.id
LEFT JOIN LATERAL (
    SELECT h.state, h.received_at, h.devices, h.trouble, h.undecodable
    FROM gateway_health h
    WHERE h.gateway_id = g.id AND h.received_at <= $2 AND h.at > $3
    ORDER BY h.received_at DESC
    LIMIT 1
) AS last ON true
LEFT JOIN LATERAL (
    SELECT h.received_at, h.devices, h.trouble, h.undecodable
    FROM gateway_health h
    WHERE last.state = 'offline' AND h.gateway_id = g.id AND h.state = 'online'
        AND h.received_at <= $2 AND h.at > $3
    ORDER BY h.received_at DESC
    LIMIT 1
) AS before ON true
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN last.state = 'online' THEN last.received_at ELSE before.received_at END AS at,
        CASE WHEN last.state = 'online' THEN last.trouble ELSE before.trouble END AS trouble,
        CASE WHEN last.state = 'online' THEN last.undecodable ELSE before.undecodable END
            AS undecodable
) AS word
LEFT JOIN LATERAL (
    SELECT min(h.received_at) FILTER (
        WHERE h.trouble IS NOT NULL AND h.received_at > coalesce(h.well_at, '-infinity')
    ) AS since
    FROM (
        SELECT h.received_at, h.trouble,
            max(h.received_at) FILTER (WHERE h.trouble IS NULL) OVER () AS well_at
        FROM gateway_health h
        WHERE word.trouble IS NOT NULL AND h.gateway_id = g.id AND h.state = 'online'
            AND h.at > word.at - INTERVAL '2 days'
            AND h.received_at > word.at - INTERVAL '15 minutes' AND h.received_at <= word.at
    ) AS h
) AS troubled ON true
WHERE g.organisation_id = $1 AND g.revoked_at IS NULL AND g.enrolled_at IS NOT NULL

-- line --
-- At which minutes, since $1, a few hubs of any clinic were heard: of a sample, always the same, the
-- $4 that spoke last can tell best whether anybody could be heard.
WITH asked AS (
    SELECT id
    FROM gateways
    WHERE revoked_at IS NULL AND enrolled_at IS NOT NULL
    ORDER BY hashtext(id)
    LIMIT $3
), witness AS (
    SELECT asked.id
    FROM asked
    CROSS JOIN LATERAL (
        SELECT h.received_at
        FROM gateway_health h
        WHERE h.gateway_id = asked.id AND h.received_at > $1 AND h.received_at <= $2
            AND h.at > $1::timestamptz - INTERVAL '2 days'
        ORDER BY h.received_at DESC
        LIMIT 1
    ) AS last
    ORDER BY last.received_at DESC
    LIMIT $4
)
SELECT max(h.received_at) AS at, (SELECT count(*) FROM witness) AS witnesses
FROM witness
JOIN gateway_health h ON h.gateway_id = witness.id AND h.received_at > $1 AND h.received_at <= $2
    AND h.at > $1::timestamptz - INTERVAL '2 days'
GROUP BY date_trunc('minute', h.received_at)
ORDER BY 1

-- devices --
-- Those that somebody is measured with now, a row for each patient, with when it last measured them.
SELECT d.address, d.label, d.profile, d.gateway_id, a.patient_id, a.starts_at,
    last.measured_at AS read_at
FROM device_assignments a
JOIN devices d ON d.id = a.device_id AND d.retired_at IS NULL
LEFT JOIN LATERAL (
    SELECT r.measured_at
    FROM readings r
    WHERE r.patient_id = a.patient_id AND r.device = d.address
        AND r.measured_at > greatest(a.starts_at, $3) AND r.measured_at <= $2
    ORDER BY r.measured_at DESC
    LIMIT 1
) AS last ON true
WHERE a.organisation_id = $1 AND a.starts_at <= $2 AND (a.ends_at IS NULL OR a.ends_at > $2)

-- patients --
-- With their zone; whose plan is in force.
SELECT p.id, p.time_zone
FROM patients p
WHERE p.organisation_id = $1 AND EXISTS (
    SELECT FROM plan_versions v
    WHERE v.patient_id = p.id AND v.effective_from <= $2
        AND (v.effective_to IS NULL OR v.effective_to > $2) AND v.withdrawn_at IS NULL
)

-- last_readings --
-- The last of each kind that a plan asks for.
SELECT w.patient_id, w.kind, last.measured_at, last.device
FROM unnest($1::uuid[], $2::text[]) AS w (patient_id, kind)
CROSS JOIN LATERAL (
    SELECT r.measured_at, r.device
    FROM readings r
    WHERE r.patient_id = w.patient_id AND r.kind = w.kind
        AND r.measured_at > $4 AND r.measured_at <= $3
    ORDER BY r.measured_at DESC
    LIMIT 1
) AS last

-- held --
-- Readings that are held back for a reason that somebody can do something about, counted since
-- somebody last dealt with them; at most so many are looked at, the latest.
WITH told AS (
    SELECT subject_kind, subject, rule, max(ended_at) AS ended_at
    FROM alerts
    WHERE organisation_id = $1 AND rule IN ('ambiguous-readings', 'quarantined-readings')
        AND state = 'resolved' AND ended_at > $3 AND outcome <> 'auto_cleared'
    GROUP BY subject_kind, subject, rule
), doubtful AS (
    SELECT r.device, r.gateway_id, r.kind, r.attribution, r.reason, r.received_at, r.measured_at
    FROM readings r
    WHERE r.organisation_id = ANY($2::uuid[]) AND r.received_at > $3 AND r.received_at <= $4
        AND r.attribution IN ('ambiguous', 'quarantined') AND r.reason <> ALL($5::text[])
        -- What somebody has seen on the desk asks for nothing any more.
        AND NOT coalesce((
            SELECT k.seen AND k.reason = r.reason
            FROM doubt_marks k
            WHERE k.organisation_id = $1 AND k.reading_id = r.id
            ORDER BY k.id DESC
            LIMIT 1
        ), false)
    ORDER BY r.received_at DESC
    LIMIT $6
), told_of AS (
    SELECT r.*,
        CASE WHEN d.id IS NULL THEN 'gateway' ELSE 'device' END AS subject_kind,
        CASE WHEN d.id IS NULL THEN r.gateway_id ELSE d.address END AS subject,
        r.attribution || '-readings' AS rule
    FROM doubtful r
    LEFT JOIN devices d
        ON d.organisation_id = $1 AND d.address = r.device AND d.retired_at IS NULL
)
SELECT r.subject_kind, r.subject, min(r.gateway_id) AS gateway,
    r.attribution = 'ambiguous' AS ambiguous, r.reason, r.kind, count(*) AS count,
    min(r.received_at) AS first_received, max(r.received_at) AS last_received,
    max(r.measured_at) AS last_measured
FROM told_of r
LEFT JOIN told t ON (t.subject_kind, t.subject, t.rule) = (r.subject_kind, r.subject, r.rule)
WHERE t.ended_at IS NULL OR r.received_at > t.ended_at
GROUP BY r.subject_kind, r.subject, r.attribution, r.reason, r.kind

-- kept --
-- Items of which something may still become: in the queue, or dealt with while their cause stands.
SELECT *
FROM alerts
WHERE organisation_id = $1 AND rule = ANY($2::text[])
    AND lane IN ('technical', 'compliance') AND state <> 'withdrawn'
    AND (ended_at IS NULL OR cleared_at IS NULL)

-- latest --
-- The last one of each key, over or not.
SELECT a.*
FROM unnest($2::text[], $3::text[], $4::text[]) AS w (subject_kind, subject, rule)
CROSS JOIN LATERAL (
    SELECT *
    FROM alerts
    WHERE alerts.organisation_id = $1 AND alerts.subject_kind = w.subject_kind
        AND alerts.subject = w.subject AND alerts.rule = w.rule AND alerts.state <> 'withdrawn'
    ORDER BY alerts.onset_at DESC
    LIMIT 1
) AS a
