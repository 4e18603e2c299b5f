"""A month of many patients: made in the database, and worked out in a process of its own.

    python -m benchmarks.rig.billing_month DSN ORGANISATION MONTH

tells in JSON how long it took, how much of that was this process, and its memory at the most.
"""

import asyncio
import datetime as dt
import json
import resource
import sys
import time
from typing import Final
from uuid import UUID

import asyncpg

from billing.months.keeping import up_to_date
from billing.months.review import review_of
from store.pool import connect

MONTH: Final = "2026-10"
NOW: Final = dt.datetime(2026, 11, 6, 12, tzinfo=dt.UTC)
READINGS, ENTRIES, STAFF = 60, 15, 20

MADE: Final = (
    """
    INSERT INTO organisations (name, time_zone) VALUES ($1, 'America/New_York') RETURNING id
    """,
    """
    INSERT INTO users (organisation_id, username, password_hash, role, credential)
    SELECT $1, 'nurse' || lpad(n::text, 2, '0') || '@' || $2::text, '-', 'nurse', 'RN'
    FROM generate_series(1, 20) n
    """,
    """
    INSERT INTO patients (organisation_id, mrn, given_name, family_name, time_zone, birth_date)
    SELECT $1, 'B' || n, 'Ada', 'Able' || lpad(n::text, 5, '0'), 'America/New_York', '1950-01-02'
    FROM generate_series(1, $2::int) n
    """,
    """
    INSERT INTO practitioners (organisation_id, family_name, given_name, npi, created_at)
    VALUES ($1, 'Lopez', 'Maria', '1234567893', now())
    """,
    """
    INSERT INTO payers (organisation_id, key, name, payer_id, authority, created_at, updated_at)
    VALUES ($1, 'medicare_ffs', 'Medicare', '12345', 'medicare', now(), now())
    """,
    """
    INSERT INTO coverages (organisation_id, patient_id, payer, member_id, starts_on, recorded_at)
    SELECT $1, p.id, y.id, '1EG4TE5MK73', '2026-01-01', now()
    FROM patients p JOIN payers y USING (organisation_id) WHERE p.organisation_id = $1
    """,
    """
    INSERT INTO consents (organisation_id, patient_id, kind, method, given_at)
    SELECT $1, p.id, k, 'verbal', '2026-09-20T12:00Z'
    FROM patients p CROSS JOIN unnest('{monitoring,billing}'::text[]) k WHERE organisation_id = $1
    """,
    """
    INSERT INTO orders (organisation_id, patient_id, ordered_by, npi, ordered_at, starts_at,
        diagnoses, kinds)
    SELECT $1, id, 'Maria Lopez', '1234567893', '2026-09-20T12:00Z', '2026-09-20T12:00Z', '{I10}',
        '{blood_pressure}'
    FROM patients WHERE organisation_id = $1
    """,
    """
    INSERT INTO episodes (organisation_id, patient_id, programme, starts_at)
    SELECT $1, id, 'hypertension', '2026-09-20T12:00Z' FROM patients WHERE organisation_id = $1
    """,
    """
    INSERT INTO service_enrolments (organisation_id, patient_id, service, practitioner_id,
        starts_on, established_on, established_by, taught_on, taught_by, recorded_at, updated_at)
    SELECT $1, p.id, 'rpm', r.id, '2026-09-20', '2026-08-01', 'Maria Lopez', '2026-09-20', 'Ana',
        now(), now()
    FROM patients p JOIN practitioners r USING (organisation_id) WHERE p.organisation_id = $1
    """,
    # Two a day for thirty days, from somewhere in the last ten of September.
    """
    INSERT INTO readings (id, organisation_id, gateway_id, device, device_id, patient_id, kind,
        measured_at, utc_offset_s, local_day, time_quality, received_at, attribution, systolic)
    SELECT gen_random_uuid(), $1, 'gw', 'B' || p.n, p.device, p.id, 'blood_pressure', at, -14400,
        (at AT TIME ZONE 'America/New_York')::date, 'device', at + INTERVAL '1 minute', 'assigned',
        120
    FROM (
        SELECT id, gen_random_uuid() AS device,
            $2::text || row_number() OVER (ORDER BY mrn) AS n,
            row_number() OVER (ORDER BY mrn) AS number
        FROM patients WHERE organisation_id = $1
    ) p
    CROSS JOIN generate_series(0, 59) k
    CROSS JOIN LATERAL (
        SELECT '2026-09-21T11:00Z'::timestamptz + (p.number % 10) * INTERVAL '1 day'
            + (k / 2) * INTERVAL '1 day' + (k % 2) * INTERVAL '12 hours' AS at
    ) t
    """,
    # Each nurse sees one patient after the other, fifty a day, two to five minutes each.
    """
    INSERT INTO time_entries (organisation_id, patient_id, user_id, staff_name, credential, role,
        service, activity, mode, with_whom, note, started_at, ended_at, spans, seconds, source,
        recorded_at, recorded_by)
    SELECT $1, p.id, u.id, 'Ana', 'RN', 'nurse', 'rpm', 'review',
        CASE WHEN k % 5 = 0 THEN 'live_phone' ELSE 'none' END,
        CASE WHEN k % 5 = 0 THEN 'patient' END, 'Looked at the week.', at, at + took,
        tstzmultirange(tstzrange(at, at + took)), extract(epoch FROM took)::int, 'by_hand',
        at + INTERVAL '1 hour', u.id
    FROM (
        SELECT id, row_number() OVER (ORDER BY mrn) - 1 AS n FROM patients
        WHERE organisation_id = $1
    ) p
    JOIN (
        SELECT id, row_number() OVER (ORDER BY username) - 1 AS n FROM users
        WHERE organisation_id = $1
    ) u ON u.n = p.n % 20
    CROSS JOIN generate_series(0, 14) k
    CROSS JOIN LATERAL (
        SELECT '2026-10-01T12:00Z'::timestamptz + ((p.n / 20 * 15 + k) / 50) * INTERVAL '1 day'
            + ((p.n / 20 * 15 + k) % 50) * INTERVAL '9 minutes' AS at,
            (120 + (k * 37 + p.n * 11) % 180) * INTERVAL '1 second' AS took
    ) t
    """,
)


async def furnish(conn: "asyncpg.Connection[asyncpg.Record]", name: str, patients: int) -> UUID:
    made: UUID = await conn.fetchval(MADE[0], name)
    for statement in MADE[1:]:
        known = {"$2::int": patients, "$2::text": name}
        second = [value for mark, value in known.items() if mark in statement]
        await conn.execute(statement, made, *second)
    await conn.execute("ANALYZE")
    return made


async def worked_out(dsn: str, organisation: UUID) -> dict[str, float]:
    conn = await connect(dsn, application_name="billing month")
    try:
        began, used = time.perf_counter(), time.process_time()
        kept = await up_to_date(conn, organisation, MONTH, now=NOW)
        took, cpu = time.perf_counter() - began, time.process_time() - used
        began = time.perf_counter()
        await up_to_date(conn, organisation, MONTH, now=NOW)
        again = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        review = await review_of(conn, organisation, MONTH, now=NOW)
        shown = time.perf_counter() - began
    finally:
        await conn.close()
    lines = sum(review.statuses.values())
    return {
        "patients": kept.changed, "lines": lines, "s": took, "cpu_s": cpu, "again_s": again,
        "review_s": shown, "mb": most,
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(worked_out(sys.argv[1], UUID(sys.argv[2])))))
