"""The clinic's hubs, as the API lists them."""

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice


async def test_a_hub_is_listed_with_what_it_says_is_wrong(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    _, page = await api.get("/gateways", token)
    (hub,) = page["items"]
    assert (hub["trouble"], hub["undecodable"]) == (None, 0)
    await pool.execute(
        "INSERT INTO gateway_health"
        " (gateway_id, organisation_id, at, received_at, state, trouble, undecodable)"
        " VALUES ($1, $2, $3, $3, 'online', 'no Bluetooth adapter', 3)",
        north.gateway,
        north.organisation,
        clock.now,
    )
    _, page = await api.get("/gateways", token)
    (hub,) = page["items"]
    assert (hub["trouble"], hub["undecodable"]) == ("no Bluetooth adapter", 3)
