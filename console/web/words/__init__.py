"""What pages say to people at home, in every language that we have: one catalogue each, same keys.

A text is named by its table and its key, as `shell.skip`, and takes its parts by name. What every
room's pages share stands here; a room has a package of its own beside it, laid over this one.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

LANGUAGES: Final = ("en", "es")
LOCALES: Final = {"en": "en_US", "es": "es_US"}
"""How numbers and times are written. Spanish as in the United States: a point, and a. m./p. m., as
the devices show them."""
NAMES: Final = {"en": "English", "es": "Español"}
ENGLISH: Final = "en"
OTHER: Final = "other"
KNOWN_AS: Final = {"spa": "es", "spanish": "es", "español": "es"}


@dataclass(frozen=True, slots=True)
class Words:
    """All texts of one language."""

    language: str
    texts: Mapping[str, str] = field(repr=False)
    about: str | None = None
    """The patient's first name, where it is somebody else who reads."""

    def __call__(self, key: str, /, **parts: object) -> str:
        other = None if self.about is None else self.texts.get(f"{OTHER}.{key}")
        if other is not None:
            return other.format(about=self.about, **parts)
        return self.texts[key].format(**parts)

    def for_other(self, about: str) -> "Words":
        """As somebody reads them who cares for the patient: "your" plan would be theirs."""
        return replace(self, about=about)

    def has(self, name: str) -> bool:
        return name in self.texts

    @property
    def locale(self) -> str:
        return LOCALES[self.language]


def spoken(tag: str | None) -> str | None:
    """Which of our languages a tag means, by its first part; None where we do not have it."""
    primary = (tag or "").replace("_", "-").partition("-")[0].strip().casefold()
    known = KNOWN_AS.get(primary, primary)
    return known if known in LANGUAGES else None


@cache
def catalogue(language: str) -> Words:
    """What all pages share."""
    return Words(language, texts_of(__name__, language))


def laid_over(package: str, language: str) -> Words:
    """What all pages share, and a room's own."""
    return Words(language, {**catalogue(language).texts, **texts_of(package, language)})


def texts_of(package: str, language: str) -> dict[str, str]:
    text = files(package).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


def _flat(tables: Mapping[str, Any], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in tables.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping):
            found += _flat(value, f"{name}.")
        else:
            found.append((name, str(value)))
    return found
