-- list --
SELECT u.id, u.username, u.role, u.display_name, u.credential, u.created_at, u.disabled_at,
    greatest(
        (SELECT max(s.last_seen_at) FROM sessions s WHERE s.user_id = u.id),
        (
            SELECT a.at FROM audit a
            WHERE a.organisation_id = $1 AND a.actor = u.id
            ORDER BY a.position DESC
            LIMIT 1
        )
    ) AS last_seen_at,
    (
        SELECT count(*) FROM sessions s
        WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > $3
    ) AS sessions,
    EXISTS (
        SELECT FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL
    ) AS second_factor,
    EXISTS (
        SELECT FROM password_codes c WHERE c.user_id = u.id AND c.expires_at > $3
    ) AS waits_for_password,
    u.patient_id,
    p.given_name || ' ' || p.family_name AS patient
FROM users u
LEFT JOIN patients p ON p.id = u.patient_id
WHERE u.organisation_id = $1 AND ($2::uuid IS NULL OR u.id = $2)
ORDER BY u.patient_id IS NOT NULL, u.disabled_at IS NOT NULL,
    lower(coalesce(nullif(u.display_name, ''), u.username)), u.username

-- shut_out_by_patient --
SELECT EXISTS (
    SELECT FROM care_changes
    WHERE organisation_id = $1 AND patient_id = $2 AND what = 'caregiver shut out'
        AND facts ->> 'user' = $3::text
)
