"""Row level security, table by table as the catalogue has them, under the console's role."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from care.registry import add_organisation, add_patient, add_user
from console.tenancy import ROLE, SET
from store.pool import Connection, Pool, connect

NONE_OF_OURS = {"alembic_version", "programmes"}
"""The schema's own number; and what may be asked of patients, which is the same for everybody."""
BEFORE_ANYBODY = {"oidc_attempts", "sign_in_failures", "sign_in_places"}
"""Nobody is known yet where these are written: hashes and secrets of sign-ins that go on."""
TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS secured,
    EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid) AS ruled,
    EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attname = 'organisation_id' AND NOT a.attisdropped
    ) AS of_organisation,
    has_table_privilege($1, c.oid, 'DELETE') AS deletes,
    has_table_privilege($1, c.oid, 'UPDATE') AS updates,
    has_table_privilege($1, c.oid, 'INSERT') AS inserts,
    has_table_privilege($1, c.oid, 'SELECT') AS selects
FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT c.relispartition
"""


@pytest.fixture
async def homes(pool: Pool) -> tuple[UUID, UUID]:
    """Two organisations with a patient and a nurse each."""
    found = []
    async with pool.acquire() as conn:
        for name in ("north", "south"):
            whose = (await add_organisation(conn, name=name)).id
            await add_patient(conn, whose, mrn="1", given_name="Ada", family_name=name)
            await add_user(
                conn, whose, username=f"nurse@{name}", password="correct horse battery",
                role="nurse",
            )  # fmt: skip
            found.append(whose)
    return found[0], found[1]


@pytest.fixture
async def conn(database: str, homes: tuple[UUID, UUID]) -> AsyncIterator[Connection]:
    """As a request of the first organisation."""
    opened = await connect(database, application_name="tests")
    await opened.execute("SELECT set_config('role', $1, false)", ROLE)
    await opened.execute(SET, str(homes[0]))
    yield opened
    await opened.close()


async def test_every_table_with_an_organisation_is_secured(pool: Pool) -> None:
    rows = await pool.fetch(TABLES, ROLE)
    open_ = {row["name"] for row in rows if not (row["secured"] and row["ruled"])}
    assert open_ == NONE_OF_OURS | BEFORE_ANYBODY
    assert len([row for row in rows if row["of_organisation"]]) > 25


async def test_partitions_are_reached_through_their_table_only(pool: Pool) -> None:
    reached = await pool.fetchval(
        "SELECT count(*) FROM pg_class WHERE relispartition AND relkind = 'r'"
        " AND has_table_privilege($1, oid, 'SELECT')",
        ROLE,
    )
    assert reached == 0


async def test_views_run_with_the_rights_of_who_asks(pool: Pool) -> None:
    views = await pool.fetch(
        "SELECT relname, reloptions FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'"
    )
    assert views
    assert all("security_invoker=true" in (view["reloptions"] or ()) for view in views)


async def test_the_role_is_nobody_in_particular(pool: Pool) -> None:
    row = await pool.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", ROLE)
    assert row is not None
    powers = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolcanlogin")
    assert not any(row[power] for power in powers)
    owned = await pool.fetchval(
        "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles"
        " WHERE rolname = $1)",
        ROLE,
    )
    assert owned == 0


async def test_records_are_not_deleted_and_history_is_not_changed(pool: Pool) -> None:
    rows = {row["name"]: row for row in await pool.fetch(TABLES, ROLE)}
    for name in ("patients", "users", "readings", "alerts", "consents", "plan_versions"):
        assert not rows[name]["deletes"], name
        assert rows[name]["inserts"], name
    for name in ("alert_events", "care_changes", "attribution_changes", "programmes"):
        assert rows[name]["inserts"], name
        assert not any(rows[name][what] for what in ("updates", "deletes")), name
    audit = rows["audit"]
    assert audit["selects"]
    assert not any(audit[what] for what in ("inserts", "updates", "deletes"))
    assert not rows["alembic_version"]["selects"]


@pytest.mark.parametrize("table", ["patients", "users", "organisations"])
async def test_without_a_where_there_is_one_organisation(
    conn: Connection, homes: tuple[UUID, UUID], table: str
) -> None:
    column = "id" if table == "organisations" else "organisation_id"
    found = await conn.fetch(f"SELECT {column} AS whose FROM {table}")  # noqa: S608
    assert [row["whose"] for row in found] == [homes[0]]


@pytest.mark.parametrize("forgotten", ["RESET app.organisation", "SET app.organisation = ''"])
async def test_without_a_setting_there_is_nothing(conn: Connection, forgotten: str) -> None:
    await conn.execute(forgotten)
    assert await conn.fetchval("SELECT count(*) FROM patients") == 0
    assert await conn.fetchval("SELECT count(*) FROM sessions") == 0


async def test_a_new_connection_without_any_setting_sees_nothing(
    database: str, homes: tuple[UUID, UUID]
) -> None:
    del homes
    opened = await connect(database, application_name="tests")
    await opened.execute("SELECT set_config('role', $1, false)", ROLE)
    try:
        assert await opened.fetchval("SELECT count(*) FROM patients") == 0
    finally:
        await opened.close()


async def test_nothing_is_written_into_another_organisation(
    conn: Connection, homes: tuple[UUID, UUID]
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await conn.execute(
            "INSERT INTO patients (organisation_id, mrn, given_name, family_name, time_zone)"
            " VALUES ($1, '2', 'Eve', 'Else', 'UTC')",
            homes[1],
        )
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await conn.execute("UPDATE patients SET organisation_id = $1", homes[1])
    changed = await conn.execute(
        "UPDATE patients SET family_name = 'x' WHERE organisation_id = $1", homes[1]
    )
    assert changed == "UPDATE 0"


async def test_what_hangs_on_a_person_is_theirs_alone(
    conn: Connection, pool: Pool, homes: tuple[UUID, UUID]
) -> None:
    users = await pool.fetch("SELECT id, organisation_id FROM users")
    for user in users:
        await pool.execute(
            "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at)"
            " VALUES (sha256($1::uuid::text::bytea), $1, now(), now(), now())",
            user["id"],
        )
    seen = await conn.fetch("SELECT user_id FROM sessions")
    assert [row["user_id"] for row in seen] == [
        user["id"] for user in users if user["organisation_id"] == homes[0]
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE patients ADD COLUMN x int",
        "ALTER TABLE patients DISABLE ROW LEVEL SECURITY",
        "DROP POLICY of_organisation ON patients",
        "CREATE TABLE mine (x int)",
        "TRUNCATE sessions",
        "SELECT password_hash FROM users",
        "SELECT * FROM users",
        "INSERT INTO audit SELECT * FROM audit",
        "UPDATE audit SET action = ''",
        "DELETE FROM audit",
        "SELECT audit_append(gen_random_uuid(), '{}')",
        "SELECT payload FROM dead_letters_nowhere",
        "SELECT * FROM oidc_attempts",
        "SELECT * FROM readings_default",
    ],
)
async def test_the_role_cannot(conn: Connection, statement: str) -> None:
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
        await conn.execute(statement)


async def test_the_log_of_another_organisation_is_neither_read_nor_written(
    conn: Connection, pool: Pool, homes: tuple[UUID, UUID]
) -> None:
    told = (
        '{"at": "2026-11-22T12:00:00Z", "via": "api", "actor_name": "x", "actor_role": "nurse",'
        ' "action": "did", "route": "GET /", "outcome": "done", "patients": []}'
    )
    await pool.execute("SELECT audit_append($1, $2::jsonb)", homes[1], told)
    await conn.execute("SELECT audit_note($1::jsonb)", told)
    found = await conn.fetch("SELECT organisation_id FROM audit")
    assert [row["organisation_id"] for row in found] == [homes[0]]
    await conn.execute("RESET app.organisation")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await conn.execute("SELECT audit_note($1::jsonb)", told)


async def test_what_nobody_has_claimed_is_the_only_clinics(
    pool: Pool, conn: Connection, homes: tuple[UUID, UUID]
) -> None:
    await pool.execute(
        "INSERT INTO dead_letters (topic, payload, error, digest, first_received_at,"
        " last_received_at) VALUES ('t', '', 'x', substring(sha256('x') for 16), now(), now())"
    )
    assert await conn.fetchval("SELECT count(*) FROM dead_letters") == 0
    await pool.execute("DELETE FROM users WHERE organisation_id = $1", homes[1])
    await pool.execute("DELETE FROM patients WHERE organisation_id = $1", homes[1])
    await pool.execute("DELETE FROM organisations WHERE id = $1", homes[1])
    assert await conn.fetchval("SELECT count(*) FROM dead_letters") == 1


async def test_securing_again_covers_what_has_come_since(pool: Pool, conn: Connection) -> None:
    await pool.execute("CREATE TABLE later (organisation_id uuid, x int)")
    await pool.execute("INSERT INTO later VALUES (gen_random_uuid(), 1)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await conn.fetchval("SELECT count(*) FROM later")
    await pool.execute("SELECT secure_rows()")
    await pool.execute("SELECT secure_rows()")
    assert await conn.fetchval("SELECT count(*) FROM later") == 0
    assert await pool.fetchval("SELECT count(*) FROM later") == 1
