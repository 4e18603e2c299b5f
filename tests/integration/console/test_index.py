"""The roots: whoever follows `console` or `api` of the ready file finds the rest."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from care.directory import Directory
from console.app import make_app
from console.settings import ConsoleSettings
from console.tenancy import open_requests
from observe.health import serving
from store.pool import Pool
from tests.integration.console.conftest import Clock


@pytest.fixture
async def client(pool: Pool, database: str, clock: Clock) -> AsyncIterator[aiohttp.ClientSession]:
    settings = ConsoleSettings(version="7", allow_unsafe_database=True)
    requests = await open_requests(database)
    directory = Directory(pool, dsn=database)
    app = make_app(settings, pool, directory, requests=requests, clock=clock)
    async with (
        requests,
        serving(app, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        yield session


@pytest.mark.parametrize("root", ["/api/v1", "/api/v1/"])
async def test_the_root_of_the_api_names_what_is_in_it(
    client: aiohttp.ClientSession, root: str
) -> None:
    async with client.get(root) as answer:
        assert (answer.status, answer.content_type) == (200, "application/json")
        index = await answer.json()
    assert (index["name"], index["version"]) == ("Hearthbeat", "7")
    assert index["links"]["patients"] == "/api/v1/patients"
    assert all("{" not in path for path in index["links"].values())
    async with client.get(index["description"]) as answer:
        assert (await answer.json())["openapi"] == "3.1.0"


async def test_every_link_of_the_index_leads_to_a_route(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/v1") as answer:
        links = (await answer.json())["links"]
    for path in links.values():
        async with client.get(path) as answer:
            assert answer.status in {200, 401, 405}, path


async def test_the_root_of_the_console_is_a_page_for_people(client: aiohttp.ClientSession) -> None:
    async with client.get("/", headers={"Accept": "text/html,application/json;q=0.9"}) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.url.path == "/sign-in"


async def test_a_program_at_the_root_of_the_console_is_told_where_the_api_is(
    client: aiohttp.ClientSession,
) -> None:
    async with client.get("/", headers={"Accept": "application/json"}) as answer:
        told = await answer.json()
    async with client.get(told["api"]) as answer:
        assert answer.status == 200


async def test_a_root_put_before_a_whole_path_leads_nowhere(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/v1/api/v1/patients") as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")
