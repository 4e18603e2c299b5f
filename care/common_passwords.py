"""Passwords that many people choose: refused when one is set (ASVS 5.0, 6.2.4).

Told by rules and not by a copied list: nothing is held but the words below. Of the 30,000 most
common passwords that are published only 229 are as long as we ask for (12); what people do when a
short one is refused is what counts then: a favourite word and a year, a word twice, a walk over
the keys, a run of digits. The rules refuse some 200,000 of those, which is far more than the 3,000
that are asked for. What only swaps letters for signs that look like them is the same word.
"""

import itertools
from functools import cache
from typing import Final

WORDS: Final = (
    "password", "passwort", "passw0rd", "contrasena", "clave", "secret", "secreto", "welcome",
    "bienvenido", "letmein", "login", "signin", "admin", "administrator", "administrador", "user",
    "usuario", "guest", "root", "master", "default", "changeme", "changethis", "temporary", "test",
    "testing", "qwerty", "qwertyuiop", "azerty", "qwertz", "asdfgh", "asdfghjkl", "zxcvbn",
    "zxcvbnm", "abc", "abcd", "abcdef", "abcdefgh", "iloveyou", "teamo", "tequiero", "mylove",
    "miamor", "loveyou", "forever", "princess", "princesa", "sunshine", "superman", "batman",
    "spiderman", "starwars", "pokemon", "dragon", "monkey", "football", "futbol", "baseball",
    "basketball", "soccer", "hockey", "summer", "winter", "spring", "autumn", "verano", "invierno",
    "january", "february", "march", "april", "june", "july", "august", "september", "october",
    "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
    "sunday", "michael", "jennifer", "jessica", "ashley", "daniel", "charlie", "andrea",
    "alejandro",
    "carlos", "fernando", "maria", "jesus", "jesuschrist", "jesucristo", "ilovejesus", "blessed",
    "family", "familia", "mother", "father", "grandma", "grandpa", "abuela", "abuelo", "computer",
    "internet", "google", "facebook", "instagram", "samsung", "iphone", "microsoft", "america",
    "mexico", "newyork", "california", "florida", "texas", "chocolate", "butterfly", "mariposa",
    "flower", "freedom", "liberty", "whatever", "trustno", "shadow", "killer", "cookie", "cheese",
    "pepper", "ginger", "purple", "orange", "silver", "diamond", "money", "lucky", "angel",
    "angels",
    # What a clinic and its programs suggest.
    "hearthbeat", "heartbeat", "clinic", "clinica", "hospital", "doctor", "nurse", "enfermera",
    "patient", "paciente", "caregiver", "health", "healthy", "salud", "medical", "medicine",
    "bloodpressure", "presion", "monitor", "telehealth",
    # Games, places, people, sayings.
    "minecraft", "playstation", "counterstrike", "finalfantasy", "needforspeed", "mortalkombat",
    "residentevil", "warhammer", "fortnite", "roblox", "nintendo", "sanfrancisco", "losangeles",
    "lasvegas", "london", "barcelona", "realmadrid", "liverpool", "arsenal", "chelsea",
    "manchester",
    "michaeljackson", "justinbieber", "jamesbond", "metallica", "nirvana", "christopher", "matthew",
    "joshua", "anthony", "nicole", "victoria", "elizabeth", "patricia", "linda", "barbara",
    "robert",
    "william", "richard", "thomas", "james", "george", "ingodwetrust", "godisgood", "godislove",
    "hakunamatata", "leavemealone", "ihateyou", "fuckyou", "peanutbutter", "strawberry", "banana",
    "apple", "coffee", "tequila", "happy", "birthday", "christmas", "halloween", "thanksgiving",
)  # fmt: skip
AFTER: Final = (
    "", "1", "12", "123", "1234", "12345", "123456", "1234567", "12345678", "123456789",
    "1234567890", "0", "00", "01", "007", "11", "111", "1111", "22", "2222", "69", "77", "777",
    "7777", "88", "99", "999", "321", "4321", "54321", "654321", "321321", "123123", "112233",
    "abc", "abc123", "qwerty", "qwe", "qwe123", "me", "you", "here", "please",
)  # fmt: skip
BEFORE: Final = ("my", "mi", "the", "el", "la", "i", "we", "ilove", "iam", "soy", "new", "big")
YEARS: Final = tuple(str(year) for year in range(1940, 2041))
ROWS: Final = (
    "1234567890", "0987654321", "qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa",
    "mnbvcxz", "azertyuiop", "qwertzuiop", "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "qazwsxedcrfvtgbyhnujm",
    "zaq1xsw2cde3vfr4bgt5", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "zaqxswcdevfrbgt",
    "1a2s3d4f5g6h7j8k9l", "a1s2d3f4g5h6j7k8l9", "z1x2c3v4b5n6m7", "qawsedrftgyhujikolp",
    "qwaszxerdfcv",
    "12qw34er56ty78ui90op", "1472583690", "159753456852",
)  # fmt: skip
"""What fingers walk along."""
MORE: Final = 2
"""Signs that may follow a walk and leave it one."""
WORDS_MOST: Final = 2
PIECE: Final = 3
"""Of so many keys, pieces of walks are put together: "qweasdzxc123"."""
SMALLEST_CYCLE: Final = 6
"""What is only a piece of up to so many signs, over and over, is as short as the piece."""
LOOKS_LIKE: Final = str.maketrans("0134578@$!|€ñáéíóúü", "oieastbasiienaeiouu")
ASIDE: Final = "!?.,;:*#-_+&= "
"""Signs around and between, which nobody who guesses leaves out."""


def is_common(password: str) -> bool:
    """Whether somebody who guesses tries it early."""
    bare = "".join(each for each in password.casefold() if each not in ASIDE)
    return bare.isdigit() or _is_over_and_over(bare) or _is_walk(bare) or _is_of_words(bare)


def _is_of_words(bare: str) -> bool:
    """One or two words, with what people put before and after, and nothing else."""
    words, before, after = _parts()
    seen = bare.translate(LOOKS_LIKE)
    starts = {0} | {len(each) for each in before if seen.startswith(each)}
    for _ in range(WORDS_MOST):
        starts = {
            start + len(word) for start in starts for word in words if seen.startswith(word, start)
        }
        if any(bare[end:] in after for end in starts):
            return True
    return any(bare.startswith(end) and seen[len(end) :] in words for end in after)


@cache
def _parts() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """As they are once signs that look like letters are taken for them; ends are as typed."""
    words = frozenset(each.translate(LOOKS_LIKE) for each in WORDS)
    return (
        words,
        frozenset(each.translate(LOOKS_LIKE) for each in BEFORE),
        frozenset((*AFTER, *YEARS)),
    )


def _is_over_and_over(bare: str) -> bool:
    """Nothing, or one short piece again and again."""
    sizes = range(1, min(SMALLEST_CYCLE, len(bare) // 2) + 1)
    return not bare or any((bare[:size] * len(bare))[: len(bare)] == bare for size in sizes)


@cache
def _pieces() -> frozenset[str]:
    doubled = (row * 2 for row in ROWS)
    stuttered = ("".join(each * 2 for each in row) for row in ROWS)
    return frozenset(
        row[at : at + PIECE]
        for row in itertools.chain(doubled, stuttered)
        for at in range(len(row) - PIECE + 1)
    )


def _is_walk(bare: str) -> bool:
    """Of pieces of walks, three keys each or more, but for the last signs."""
    reached = {0}
    for end in range(PIECE, len(bare) + 1):
        begins = (end - PIECE, end - 1)
        if bare[end - PIECE : end] in _pieces() and not reached.isdisjoint(begins):
            reached.add(end)
    return max(reached) >= max(len(bare) - MORE, PIECE)
