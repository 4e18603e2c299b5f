"""What consents are to, and how they were given, in words. Pure."""

from typing import Final

CONSENT_KINDS: Final = (
    ("monitoring", "Remote monitoring"),
    ("billing", "Costs and billing"),
    ("messages", "Messages and reminders"),
    ("data_sharing", "Sharing data"),
    ("ccm", "Chronic care management, with its cost share"),
    ("pcm", "Principal care management, with its cost share"),
    ("bhi", "Behavioural health integration, with its cost share"),
)
METHODS: Final = (
    ("written", "In writing, signed"),
    ("verbal", "Spoken, in person"),
    ("phone", "Spoken, by telephone"),
    ("electronic", "Electronically signed"),
)
