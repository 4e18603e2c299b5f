import aiohttp

from observe.health import Readiness, make_health_app, serving
from observe.metrics import Metrics


async def test_a_process_answers_whether_it_lives_is_ready_and_how_it_fares() -> None:
    trouble: list[str | None] = ["no connection"]
    readiness = Readiness({"database": lambda: trouble[0]})
    app = make_health_app(readiness, Metrics("ingest"))
    async with (
        serving(app, host="127.0.0.1", port=0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        async with client.get("/healthz") as answer:
            assert (answer.status, await answer.json()) == (200, {"status": "alive"})
        async with client.get("/readyz") as answer:
            assert answer.status == 503
            assert await answer.json() == {"ready": False, "checks": {"database": "no connection"}}
        trouble[0] = None
        async with client.get("/readyz") as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-store"
        async with client.get("/metrics") as answer:
            assert "process_cpu_seconds_total" in await answer.text()
