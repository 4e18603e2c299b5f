"""A queue that is longer than a page lists."""

from uuid import UUID

from store.pool import Connection

PATIENTS = """
INSERT INTO patients (id, organisation_id, mrn, given_name, family_name, time_zone)
SELECT gen_random_uuid(), $1, 'crowd ' || n, 'Given', 'Crowd-' || to_char(n, 'FM0000'),
    'America/New_York'
FROM generate_series(1, $2::int) AS n
"""
ALERTS = """
INSERT INTO alerts
SELECT (jsonb_populate_record(a, jsonb_build_object(
    'id', gen_random_uuid(), 'patient_id', p.id, 'subject', p.id::text,
    'severity', 'low', 'peak', 'low', 'acknowledge_by', NULL,
    'onset_at', a.onset_at + make_interval(secs => substring(p.mrn FROM 7)::int)
))).*
FROM alerts a, patients p
WHERE a.id = $2 AND p.organisation_id = $1 AND p.mrn LIKE 'crowd %'
"""


async def crowd(conn: Connection, organisation: UUID, like: UUID, many: int) -> None:
    """So many patients with an alert as that one, but low: Crowd-0001 first, one a second."""
    await conn.execute(PATIENTS, organisation, many)
    await conn.execute(ALERTS, organisation, like)
