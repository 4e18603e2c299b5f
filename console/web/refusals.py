"""Why a password is refused, in the words of whoever chose it."""

from care.passwords import Refusal, why_refused
from console.web.words import Words


def said(password: str, words: Words) -> str:
    """For one that was refused."""
    why = why_refused(password)
    return words(f"refused.{(why or Refusal.SHORT).value}")
