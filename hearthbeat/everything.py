"""Everything on one machine: what is started, in which order, and kept running."""

import asyncio
import datetime as dt
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec

from hearthbeat import broker_door, kept_key, ports, probe
from hearthbeat.child import Lines
from hearthbeat.data_directory import DataDirectory
from hearthbeat.demo import clinic, homes_plan, past_plan
from hearthbeat.demo.clinic import Demonstration
from hearthbeat.demo.homes_plan import HomesPlan
from hearthbeat.embedded import broker as brokers
from hearthbeat.embedded import console_role, postgres
from hearthbeat.embedded.account import private_file
from hearthbeat.embedded.broker import EmbeddedBroker
from hearthbeat.embedded.cluster import Cluster
from hearthbeat.program import Program, at_once
from hearthbeat.running import Broker, Ready
from hearthbeat.settings import Settings, child_environment
from hearthbeat.settings_shown import as_toml
from hearthbeat.supervisor import Supervisor
from hearthbeat.version import VERSION
from store.migrate import upgrade
from wire.address import Protocol

DEMO_ZONE: Final = "America/New_York"
"""Of a demonstration, unless the settings say where it is: a place with daylight saving."""

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What shall run."""

    settings: Settings
    """With the ports as they were chosen; None for database and broker means embedded ones."""
    directory: DataDirectory
    demo: bool
    homes: int
    speed: float
    console: bool = True
    patients: int = 0
    """Of the demonstration, with a past that is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What runs."""

    plan: Plan
    supervisor: Supervisor
    database: str
    broker: EmbeddedBroker | None
    """None: a real one is used."""
    demonstration: Demonstration | None

    @property
    def mqtt(self) -> str:
        """For gateways, without a name."""
        return self.broker.url() if self.broker else str(self.plan.settings.mqtt.url)


@asynccontextmanager
async def running(plan: Plan, *, lines: Lines, notice: Notice) -> AsyncIterator[System]:
    """The database -> broker -> migrations -> clinic -> ingest -> console -> homes; all of it, or
    nothing: whatever goes wrong on the way stops what has been started, last first.
    """
    async with Supervisor(lines=lines, notice=notice) as supervisor, asyncio.TaskGroup() as tasks:
        database = await _database(plan, supervisor, notice)
        broker = await _broker(plan, supervisor)
        await upgrade(database, now=dt.datetime.now(dt.UTC))
        demonstration = await _demonstration(plan, database)
        door = tasks.create_task(_door(database, broker, supervisor))
        system = System(
            plan=plan,
            supervisor=supervisor,
            database=database,
            broker=broker,
            demonstration=demonstration,
        )
        await _processes(system)
        yield system
        door.cancel()


def ready(system: System) -> Ready:
    """What the ready file says."""
    settings = system.plan.settings
    host = settings.console.host if settings.console.host != "0.0.0.0" else ports.LOOPBACK  # noqa: S104
    base = f"http://{host}:{settings.console.port}"
    line = urlsplit(system.mqtt)
    shown = system.demonstration
    return Ready(
        console=base,
        api=f"{base}/api/v1",
        fhir=f"{base}/fhir",
        mqtt=Broker(
            host=line.hostname or ports.LOOPBACK,
            port=line.port or 1883,
            tls=line.scheme == "mqtts",
            username=shown.gateway.username if shown else None,
            password=shown.gateway.password if shown else None,
        ),
        database=system.database,
        users=shown.users if shown else {},
        data=str(system.plan.directory.path),
        version=VERSION,
    )


def protocol(system: System) -> Protocol:
    """What clients should speak: asking amqtt for MQTT 5 costs them a refused connection."""
    if system.broker is None:
        return system.plan.settings.mqtt.protocol
    return "3.1.1" if system.broker.kind == "amqtt" else "auto"


async def _database(plan: Plan, supervisor: Supervisor, notice: Notice) -> str:
    named = plan.settings.database.url
    if named is not None:
        return named
    database = await asyncio.to_thread(
        postgres.prepare,
        plan.directory.postgres,
        preference=plan.settings.up.postgres,
        notice=notice,
    )
    await supervisor.start(database.program)
    return database.url


async def _broker(plan: Plan, supervisor: Supervisor) -> EmbeddedBroker | None:
    if plan.settings.mqtt.url is not None:
        return None
    broker = await asyncio.to_thread(
        brokers.prepare,
        plan.directory.broker,
        port=plan.settings.up.mqtt_port,
        open_door=plan.demo,
        preference=plan.settings.up.broker,
    )
    await supervisor.start(brokers.program(broker, child_environment()))
    return broker


async def _demonstration(plan: Plan, database: str) -> Demonstration | None:
    if not plan.demo:
        return None
    chosen = plan.settings.clinic.time_zone
    return await clinic.prepared(
        database,
        plan.directory.signins,
        # People to look at, also where none of their homes is simulated.
        homes=max(1, plan.homes),
        patients=plan.patients,
        time_zone=DEMO_ZONE if chosen == Settings().clinic.time_zone else chosen,
        now=dt.datetime.now(dt.UTC),
    )


async def _door(database: str, broker: EmbeddedBroker | None, supervisor: Supervisor) -> None:
    if broker is not None:
        await broker_door.keep(
            database, broker, changed=lambda: supervisor.signal("broker", signal.SIGHUP)
        )


async def _processes(system: System) -> None:
    plan = system.plan
    for number in range(_workers(system)):
        health = ports.free()
        worker = msgspec.structs.replace(plan.settings.ingest, worker=number, health_port=health)
        await system.supervisor.start(
            _program(
                system,
                f"ingest-{number}",
                "ingest",
                settings=msgspec.structs.replace(_resolved(system), ingest=worker),
                ready=f"http://{ports.LOOPBACK}:{health}/readyz",
            )
        )
    for number in range(plan.settings.alerts.processes):
        await system.supervisor.start(_alert_process(system, number))
    if plan.console:
        url = ready(system).console + "/readyz"
        settings = await _of_console(system)
        words = ("console", "--demo") if plan.demo else ("console",)
        await system.supervisor.start(
            _program(system, "console", *words, settings=settings, ready=url)
        )
    if system.demonstration is not None and plan.patients:
        await system.supervisor.start(_past(system))
    if system.demonstration is not None and plan.homes:
        file = plan.directory.run / "homes.json"
        homes_plan.write(_homes(system, system.demonstration), file)
        await system.supervisor.start(
            _program(system, "homes", "homes", str(file), "--speed", str(plan.speed))
        )


async def _of_console(system: System) -> Settings:
    """With the sign-in of lesser rights for its requests, and the key that seals second factors;
    no other program is told of them.
    """
    resolved, directory = _resolved(system), system.plan.directory
    if system.plan.settings.database.url is not None:
        return resolved  # Somebody else gives roles there, and other machines may use it.
    address = await console_role.sign_in(Cluster(home=directory.postgres, account=None))
    key = kept_key.keys(resolved.console.secret_key, directory.secret_key)
    console = msgspec.structs.replace(resolved.console, database_url=address, secret_key=key)
    return msgspec.structs.replace(resolved, console=console)


def _alert_process(system: System, number: int) -> Program:
    health = ports.free()
    resolved = _resolved(system)
    alerts = msgspec.structs.replace(
        resolved.alerts,
        health_port=health,
        base_url=resolved.alerts.base_url or ready(system).console,
    )
    return _program(
        system,
        f"alerts-{number}",
        "alerts",
        settings=msgspec.structs.replace(resolved, alerts=alerts),
        ready=f"http://{ports.LOOPBACK}:{health}/readyz",
    )


def _past(system: System) -> Program:
    """The last but the homes: whoever is in a hurry can sign in while it works."""
    file = system.plan.directory.run / "past.json"
    wanted = past_plan.PastPlan(
        clinic=clinic.CLINIC, patients=system.plan.patients, base_url=ready(system).console
    )
    past_plan.write(wanted, file)
    return _program(system, "past", "past", str(file))


def _homes(system: System, shown: Demonstration) -> HomesPlan:
    return HomesPlan(
        seed=homes_plan.SEED,
        mqtt=system.mqtt,
        protocol=protocol(system),
        directory=str(system.plan.directory.homes),
        homes=list(shown.homes[: system.plan.homes]),
    )


def _workers(system: System) -> int:
    """One with amqtt: it has no shared subscriptions, two would each get everything."""
    if system.broker is not None and system.broker.kind == "amqtt":
        return 1
    return system.plan.settings.ingest.workers


def _resolved(system: System) -> Settings:
    """The settings with the addresses of what runs here."""
    settings = system.plan.settings
    mqtt = settings.mqtt
    if system.broker is not None:
        mqtt = msgspec.structs.replace(
            mqtt, url=system.broker.ingest_url, protocol=protocol(system)
        )
    return msgspec.structs.replace(
        settings,
        database=msgspec.structs.replace(settings.database, url=system.database),
        mqtt=mqtt,
    )


def _program(
    system: System, name: str, *command: str, settings: Settings | None = None, ready: str = ""
) -> Program:
    """One of our own commands as a process; its settings are in a private file."""
    file = private_file(
        system.plan.directory.run / f"{name}.toml",
        as_toml(settings or _resolved(system), secrets=True),
        None,
    )
    return Program(
        name=name,
        argv=(sys.executable, "-m", "hearthbeat", "--config", str(file), *command),
        environment=child_environment(),
        ready=(lambda: probe.until_answered(ready)) if ready else at_once,
    )
