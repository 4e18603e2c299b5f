"""Tables of how people sign in: halfway there, second proofs, codes, failed tries."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from store.schema.base import instant, metadata

DIGEST_BYTES: Final = 32


def digest(name: str, *, primary_key: bool = False) -> Column[bytes]:
    """SHA-256: enough to recognise a secret, nothing to use."""
    return Column(name, LargeBinary, primary_key=primary_key, nullable=False)


def is_digest(name: str) -> CheckConstraint:
    return CheckConstraint(f"octet_length({name}) = {DIGEST_BYTES}", name=name)


# A password was right and a second proof is wanted: good for that, and for nothing else.
half_sessions = Table(
    "half_sessions",
    metadata,
    digest("token_hash", primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    instant("created_at"),
    is_digest("token_hash"),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    # As care.second_factor_secret writes it: sealed where the installation has a key.
    Column("secret", Text, nullable=False),
    instant("created_at"),
    instant("confirmed_at", nullable=True),
    # The time step of the latest code that was taken: none of it or before it is taken again.
    Column("last_step", BigInteger, nullable=False, server_default=text("0")),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    digest("code_hash", primary_key=True),
    instant("used_at", nullable=True),
    is_digest("code_hash"),
)

# One for each person at most: a new one puts an end to the one before.
password_codes = Table(
    "password_codes",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    digest("code_hash"),
    instant("expires_at"),
    UniqueConstraint("code_hash"),
    is_digest("code_hash"),
)

# Sign-ins that are at the provider now, each bound to the browser that began it.
oidc_attempts = Table(
    "oidc_attempts",
    metadata,
    digest("state_hash", primary_key=True),
    digest("browser_hash"),
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("next", Text, nullable=False),
    instant("created_at", index=True),
    is_digest("state_hash"),
    is_digest("browser_hash"),
)

# Who somebody is at the provider, from their first sign-in on: a name there may change hands.
oidc_links = Table(
    "oidc_links",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    instant("created_at"),
    UniqueConstraint("issuer", "subject"),
)

# By account and by address, as hashes: what strangers type is kept by nobody.
sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    digest("key_hash", primary_key=True),
    Column("failures", Integer, nullable=False),
    instant("last_at", index=True),
    is_digest("key_hash"),
)

# Where each account has signed in: there a stranger's guesses do not hold its owner off.
sign_in_places = Table(
    "sign_in_places",
    metadata,
    digest("place_hash", primary_key=True),
    instant("last_at", index=True),
    is_digest("place_hash"),
)
