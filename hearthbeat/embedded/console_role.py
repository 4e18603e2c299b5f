"""The sign-in of the console's requests to the embedded database: it sees one organisation at a
time and owns nothing. Its secret is handed to the console and to no other program.
"""

import secrets
from typing import Final
from urllib.parse import quote

from hearthbeat.embedded.cluster import DATABASE, PORT, Cluster, reachable_socket
from hearthbeat.embedded.cluster import url as owners_url
from store.pool import connect

NAME: Final = "hearthbeat_console_requests"
MADE: Final = """
-- hearthbeat_console is made by the migrations, which give it its rights.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hearthbeat_console_requests') THEN
        CREATE ROLE hearthbeat_console_requests NOSUPERUSER NOBYPASSRLS;
    END IF;
END
$$;
GRANT hearthbeat_console TO hearthbeat_console_requests
"""


async def sign_in(cluster: Cluster) -> str:
    """Its address; the secret is another one at each start."""
    secret = secrets.token_urlsafe(32)
    conn = await connect(owners_url(cluster), application_name="hearthbeat up")
    try:
        await conn.execute(MADE)
        statement = await conn.fetchval(
            "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)", NAME, secret
        )
        await conn.execute(statement)
    finally:
        await conn.close()
    socket = quote(str(reachable_socket(cluster)), safe="/")
    return f"postgresql://{NAME}:{quote(secret)}@/{DATABASE}?host={socket}&port={PORT}"
