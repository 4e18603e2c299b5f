"""The embedded broker: mosquitto where it is, else amqtt; its files, and who is let in."""

import asyncio
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

from hearthbeat.embedded import mosquitto
from hearthbeat.embedded.account import Account, account_for, private_directory, private_file
from hearthbeat.embedded.broker_access import INGEST, acl_file, hashed, password_file
from hearthbeat.errors import BrokerStartError
from hearthbeat.ports import LOOPBACK, taken
from hearthbeat.program import Program

POLL_S: Final = 0.02
FREE_WITHIN_S: Final = 5.0
"""A killed broker's port is free at once; one that is still stopping needs a moment."""

Kind = Literal["mosquitto", "amqtt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedBroker:
    """A broker that is ready to be started."""

    kind: Kind
    home: Path
    port: int
    open_door: bool
    account: Account | None
    ingest_password: str = field(repr=False)

    def url(self, user: str | None = None, password: str | None = None) -> str:
        """For a client with this name and password, or for one without."""
        who = f"{quote(user)}:{quote(password or '', safe='')}@" if user else ""
        return f"mqtt://{who}{LOOPBACK}:{self.port}"

    @property
    def ingest_url(self) -> str:
        return self.url(INGEST, self.ingest_password)

    def admit(self, gateways: Mapping[str, str]) -> bool:
        """Let in exactly these gateways (id -> `$7$` hash); True when that is a change.

        The broker reads the file again when it is sent SIGHUP, and hangs up on those whose name
        or password is no longer in it.
        """
        everyone = {**gateways, INGEST: hashed(self.ingest_password, salt=b"hearthbeat!!")}
        text = password_file(everyone)
        file = self.home / "passwords"
        if file.exists() and file.read_text(encoding="utf-8") == text:
            return False
        private_file(file, text, self.account)
        return True


def prepare(
    home: Path,
    *,
    port: int,
    open_door: bool,
    preference: Literal["auto", "mosquitto", "amqtt"] = "auto",
) -> EmbeddedBroker:
    """Find a broker and write its files; raises BrokerStartError where the wanted one is absent."""
    found = None if preference == "amqtt" else mosquitto.find()
    if found is None and preference == "mosquitto":
        raise BrokerStartError(
            "mosquitto 2.0 or newer was not found: install it (apt-get install mosquitto), "
            "or let `--broker amqtt` do for a demonstration"
        )
    account = account_for(home)
    private_directory(home, account)
    broker = EmbeddedBroker(
        kind="amqtt" if found is None else "mosquitto",
        home=home,
        port=port,
        open_door=open_door,
        account=account,
        ingest_password=_secret(home, account),
    )
    private_file(home / "acl", acl_file(open_door=open_door), account)
    configuration = mosquitto.configuration(port=port, open_door=open_door)
    private_file(home / "mosquitto.conf", configuration, account)
    if not (home / "passwords").exists():
        broker.admit({})
    return broker


def program(broker: EmbeddedBroker, environment: Mapping[str, str]) -> Program:
    """How to run it."""
    plain = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    is_mosquitto = broker.kind == "mosquitto"
    return Program(
        name="broker",
        argv=_mosquitto_argv() if is_mosquitto else _amqtt_argv(broker),
        environment=plain if is_mosquitto else environment,
        # By relative names it finds its files though the parents are shut to its account.
        cwd=broker.home if is_mosquitto else None,
        account=broker.account if is_mosquitto else None,
        stop_within_s=10,
        before=lambda: _port_free(broker.port),
        ready=lambda: _listening(broker.port),
        ready_within_s=30,
    )


def _mosquitto_argv() -> tuple[str, ...]:
    return (mosquitto.find() or "mosquitto", "-c", "mosquitto.conf")


def _amqtt_argv(broker: EmbeddedBroker) -> tuple[str, ...]:
    door = ("--open-door",) if broker.open_door else ()
    passwords = ("--passwords", str(broker.home / "passwords"))
    child = ("-m", "hearthbeat.embedded.amqtt_child", "--port", str(broker.port))
    return (sys.executable, *child, *passwords, *door)


def _secret(home: Path, account: Account | None) -> str:
    file = home / "ingest"
    if not file.exists():
        private_file(file, secrets.token_urlsafe(32), account)
    return file.read_text(encoding="utf-8")


async def _port_free(port: int) -> None:
    """A stranger at our port would be taken for our broker."""
    for _ in range(int(FREE_WITHIN_S / POLL_S)):
        if taken(port) is None:
            return
        await asyncio.sleep(POLL_S)
    raise BrokerStartError(f"the broker cannot start: {taken(port)}")


async def _listening(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection(LOOPBACK, port)
        except OSError:
            await asyncio.sleep(POLL_S)
        else:
            writer.close()
            await writer.wait_closed()
            return
