"""Goes and looks, for `doctor`, whether the wall between organisations stands."""

from typing import Final

from console.tenancy import ROLE
from hearthbeat.checks import Check, good, trouble
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("hearthbeat", "rows.sql")
ABOUT: Final = "row security"
TO_DO: Final = "docs/security.md, Tenancy, says what an administrator of the database runs"


async def examine_rows(conn: Connection) -> Check:
    """One finding: the first thing that is wrong."""
    role = await conn.fetchrow(QUERIES["role"], ROLE)
    if role is None:
        return trouble(ABOUT, f"the role {ROLE} is missing: one clinic's requests see all", TO_DO)
    if role["strong"]:
        return trouble(ABOUT, f"the role {ROLE} may sign in or pass by the rules of rows", TO_DO)
    if not role["ours"]:
        return trouble(ABOUT, f"the console may not step down to the role {ROLE}", TO_DO)
    if open_ := [row["relname"] for row in await conn.fetch(QUERIES["open"])]:
        return trouble(ABOUT, f"no rule for rows of {', '.join(open_)}", "hearthbeat migrate")
    return good(ABOUT, "each clinic's requests see its own rows")
