"""E-mail by SMTP."""

from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib
from msgspec import Struct

from alerts.telling.notify.message import Failed, Message, Sent

PERMANENT = 500


class EmailSettings(Struct, frozen=True, kw_only=True):
    host: str
    port: int = 587
    sender: str = "hearthbeat@localhost"
    username: str | None = None
    password: str | None = None
    tls: str = "starttls"
    """`starttls`, `tls` from the first byte, or `none` for a server on this machine."""


class EmailSender:
    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings

    async def send(self, message: Message) -> Sent | Failed:
        settings = self._settings
        try:
            await aiosmtplib.send(
                composed(message, sender=settings.sender),
                hostname=settings.host,
                port=settings.port,
                username=settings.username,
                password=settings.password,
                use_tls=settings.tls == "tls",
                start_tls=settings.tls == "starttls",
                timeout=20,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = {each.code for each in error.recipients}
            return Failed(why=f"recipient refused ({_listed(codes)})", again=min(codes) < PERMANENT)
        except aiosmtplib.SMTPResponseException as error:
            return Failed(why=f"mail server answered {error.code}", again=error.code < PERMANENT)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Failed(why=f"mail server: {type(error).__name__}", again=True)
        return Sent(provider_id=str(message.id))


def composed(message: Message, *, sender: str) -> EmailMessage:
    """The same Message-ID for every try: a mail program shows a repeated one once."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.address
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@hearthbeat.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def _listed(codes: set[int]) -> str:
    return ", ".join(str(code) for code in sorted(codes))
