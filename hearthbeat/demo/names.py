"""Names for people who do not exist. Nobody is called so; everybody can say them."""

import hashlib
from typing import Final

FEMALE: Final = (
    "Agatha", "Beatrix", "Clementine", "Dorothea", "Eleanor", "Florence", "Greta", "Harriet",
    "Imogen", "Josephine", "Kathleen", "Leonora", "Mathilda", "Nora", "Octavia", "Philippa",
)  # fmt: skip
MALE: Final = (
    "Albert", "Bertram", "Casimir", "Desmond", "Edmund", "Frederick", "Gilbert", "Humphrey",
    "Ignatius", "Jasper", "Leopold", "Maurice", "Nathaniel", "Oswald", "Percival", "Rupert",
)  # fmt: skip
FAMILY: Final = (
    "Applewhistle", "Brambleworth", "Candlemere", "Dovecastle", "Elderquill", "Fernbuckle",
    "Gooseberry", "Honeythorn", "Inkpenny", "Jollywater", "Kettlebrook", "Larkspurrow",
    "Mossgather", "Nettlefold", "Oatencroft", "Pepperlane", "Quillfeather", "Rosehipton",
    "Snowdrift", "Thistledew", "Umberfield", "Violetstone", "Willowmarsh", "Yarrowby",
)  # fmt: skip


def name(*, key: str, home: str, sex: str) -> tuple[str, str]:
    """Given and family name, the same for the same key; a home shares its family name."""
    given = FEMALE if sex == "female" else MALE
    return given[_number(key) % len(given)], FAMILY[_number(home) % len(FAMILY)]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
