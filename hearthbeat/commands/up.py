"""`hearthbeat up`: everything on this machine."""

import asyncio
import os
import resource
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal

import click
import msgspec

from hearthbeat import data_directory, everything, ports, running, shown_readings
from hearthbeat.called_as import called_as
from hearthbeat.demo.past_plan import MOST_PATIENTS, PATIENTS
from hearthbeat.everything import Plan
from hearthbeat.greeting import greeting
from hearthbeat.invocation import pass_settings
from hearthbeat.log_files import LogFiles
from hearthbeat.next_steps import have, in_words
from hearthbeat.port_option import Port
from hearthbeat.settings import Settings, state_directory
from hearthbeat.speed import Speed
from hearthbeat.terminal import say, until_stopped
from observe import logs

OPEN_FILES: Final = 65_536
"""A broker with many gateways needs a descriptor for each."""
DEMO_HOMES: Final = 3
DEMO_SPEED: Final = 120.0
"""A day of the simulated people passes in twelve minutes: there is always something to see."""


@click.command()
@click.option("--demo", is_flag=True, help="A demonstration clinic with simulated homes.")
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Data directory.")
@click.option("--port", type=Port(), help="Of the console; 0 takes a free one.")
@click.option("--mqtt-port", type=Port(), help="Of the embedded broker.")
@click.option(
    "--homes",
    type=click.IntRange(0, 500),
    help=f"Simulated homes of the demonstration ({DEMO_HOMES} by default).",
)
@click.option(
    "--patients",
    type=click.IntRange(0, MOST_PATIENTS),
    help=f"Patients of the demonstration with months of history ({PATIENTS} by default).",
)
@click.option(
    "--speed",
    type=Speed(0.01),
    default=DEMO_SPEED,
    show_default=True,
    help="How many times as fast the days pass in the simulated homes.",
)
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Written when everything answers: addresses and sign-ins, as JSON.",
)
@click.option("--broker", type=click.Choice(["auto", "mosquitto", "amqtt"]), help="Which broker.")
@click.option("--quiet", is_flag=True, help="Do not print readings as they arrive.")
@click.option("--verbose", is_flag=True, help="Print all that the processes write.")
@pass_settings
def command(  # noqa: PLR0913 - The options of the command.
    settings: Settings,
    *,
    demo: bool,
    data: Path | None,
    port: int | None,
    mqtt_port: int | None,
    homes: int | None,
    patients: int | None,
    speed: float,
    ready_file: Path | None,
    broker: Literal["auto", "mosquitto", "amqtt"] | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Run everything on this machine until Ctrl-C.

    Brings its own database and broker unless HB_DATABASE_URL and HB_MQTT_URL name real ones.
    """
    if homes and not demo:
        raise click.UsageError("simulated homes belong to a demonstration: add --demo")
    if patients and not demo:
        raise click.UsageError("patients with a past belong to a demonstration: add --demo")
    _refuse_one_port_for_two(settings, port=port, mqtt_port=mqtt_port)
    os.umask(0o077)
    more_open_files()
    logs.configure(level="debug" if verbose else "warning", as_json=False, process="up")
    with ExitStack() as held:
        where = data or settings.up.data or default_directory(demo=demo)
        directory = held.enter_context(data_directory.opened(where))
        plan = Plan(
            settings=_chosen(settings, port=port, mqtt_port=mqtt_port, broker=broker),
            directory=directory,
            demo=demo,
            homes=DEMO_HOMES if demo and homes is None else homes or 0,
            patients=PATIENTS if demo and patients is None else patients or 0,
            speed=speed,
        )
        files = [directory.ready_file, *([ready_file.absolute()] if ready_file else [])]
        running.withdraw(files)
        held.callback(running.withdraw, files)
        written = held.enter_context(LogFiles(directory.logs, aloud=say, everything=verbose))
        asyncio.run(until_stopped(_run(plan, written, files, held, show=demo and not quiet)))
    say("Stopped.")


def default_directory(*, demo: bool) -> Path:
    """Where the data is when nobody says: a demonstration never shares it with a clinic."""
    return state_directory() / ("demo" if demo else "clinic")


def more_open_files() -> None:
    """As many as we may have, within reason; children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _run(
    plan: Plan, written: LogFiles, files: list[Path], held: ExitStack, *, show: bool
) -> None:
    say("Hearthbeat is starting …")
    async with everything.running(plan, lines=written.line, notice=say) as system:
        ready = everything.ready(system)
        running.publish(ready, files)
        held.callback(running.withdraw, [running.enlist(state_directory(), plan.directory.path)])
        command = called_as()
        steps = in_words(await have(system.database), command=command)
        say(greeting(system, ready, command=command, steps=steps))
        if show:
            await shown_readings.show(system.database)
        else:
            await asyncio.Event().wait()


def _refuse_one_port_for_two(
    settings: Settings, *, port: int | None, mqtt_port: int | None
) -> None:
    """Said now: neither listens yet, and a free port looks free to both."""
    web = settings.console.port if port is None else port
    line = settings.up.mqtt_port if mqtt_port is None else mqtt_port
    if settings.mqtt.url is None and web == line != 0:
        raise click.UsageError(
            f"port {web} cannot be the console's and the broker's: "
            "choose another with --port or --mqtt-port"
        )


def _chosen(
    settings: Settings,
    *,
    port: int | None,
    mqtt_port: int | None,
    broker: Literal["auto", "mosquitto", "amqtt"] | None,
) -> Settings:
    """The options above the settings, and ports that can be had."""
    console = settings.console
    host = console.host
    web, said = ports.chosen(
        console.port if port is None else port, asked=port is not None, option="--port", host=host
    )
    if said:
        say(said)
    up = msgspec.structs.replace(settings.up, broker=broker or settings.up.broker)
    if settings.mqtt.url is None:
        line, said = ports.chosen(
            up.mqtt_port if mqtt_port is None else mqtt_port,
            asked=mqtt_port is not None,
            option="--mqtt-port",
        )
        if said:
            say(said)
        up = msgspec.structs.replace(up, mqtt_port=line)
    return msgspec.structs.replace(
        settings, up=up, console=msgspec.structs.replace(console, port=web)
    )
