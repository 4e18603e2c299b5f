"""What an alert process needs to know, apart from where the database is."""

from msgspec import Struct

from alerts.telling.notify.email import EmailSettings
from alerts.telling.notify.over_http import SmsSettings


class ChannelSettings(Struct, frozen=True, kw_only=True):
    """How messages leave the house. What is not set up is not tried, and the history says so."""

    email: EmailSettings | None = None
    webhook_secret: str | None = None
    """Signs webhooks of contacts that have no secret of their own."""
    ntfy_server: str | None = None
    ntfy_token: str | None = None
    sms: SmsSettings | None = None


class AlertSettings(Struct, frozen=True, kw_only=True):
    base_url: str = "http://127.0.0.1:8080"
    """Of the console, as people reach it: what messages link to."""
    channels: ChannelSettings = ChannelSettings()
    heartbeat_url: str | None = None
    """Asked with GET every minute while all is well: whoever listens there raises the alarm when
    it is silent."""
    idle_s: float = 0.1
    """Between two looks at an empty queue."""
    tick_s: float = 1.0
    """Between two looks at what is due by the clock, and at the outbox."""
    receipts_s: float = 30.0
    """Between two looks at what patients want to know has arrived."""
    sweep_s: float = 30.0
    audit_s: float = 60.0
    late_s: float = 120.0
    """Something due that is older than this has been forgotten: the auditor says so."""
    health_host: str = "127.0.0.1"
    health_port: int = 0
