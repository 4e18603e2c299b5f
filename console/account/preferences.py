"""How somebody on the staff likes to work: sounds, keys, what comes after resolving."""

from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from care.errors import InvalidError
from care.preferences import ABOUT, ACTIONS, key_of, set_preferences
from console.account.shown import show_own
from console.parts import CALLER, PARTS
from console.web.forms import Form, form_of
from console.web.page import see_other
from store.schema import SEVERITIES

WORDS: Final = tuple((each, each.capitalize()) for each in reversed(SEVERITIES))
KEYS: Final = "preferences/keys/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the form shows."""

    shortcuts: bool
    move_on: bool
    sound: dict[str, bool]
    keys: dict[str, str]


async def page(request: web.Request) -> web.Response:
    kept = request[CALLER].preferences
    chosen = Chosen(
        shortcuts=kept.get("shortcuts", True),
        move_on=kept.get("move_on", False),
        sound=kept.get("sound", {}),
        keys=key_of(kept),
    )
    return _shown(request, chosen)


async def send(request: web.Request) -> web.Response:
    caller, chosen = request[CALLER], _typed(await form_of(request))
    changes: dict[str, Any] = {
        "shortcuts": chosen.shortcuts,
        "move_on": chosen.move_on,
        "sound": chosen.sound,
        # Whoever leaves a key as it is by default has not chosen one.
        "keys": {
            action: None if key == ACTIONS[action] else key for action, key in chosen.keys.items()
        },
    }
    try:
        async with request.app[PARTS].connection() as conn:
            await set_preferences(conn, caller.organisation_id, caller.user_id, changes)
    except InvalidError as error:
        return _shown(request, chosen, {error.field.removeprefix(KEYS): f"This {error.message}."})
    return see_other("/account/preferences", told="Saved.")


def _typed(form: Form) -> Chosen:
    sounds = form.all("sound")
    return Chosen(
        shortcuts=form.ticked("shortcuts"),
        move_on=form.ticked("move_on"),
        sound={severity: severity in sounds for severity in SEVERITIES},
        keys={action: form.text(f"key-{action}") for action in ACTIONS},
    )


def _shown(
    request: web.Request, chosen: Chosen, faults: dict[str, str] | None = None
) -> web.Response:
    context = {
        "chosen": chosen,
        "severities": WORDS,
        "actions": tuple(ABOUT.items()),
        "faults": faults or {},
    }
    return show_own(request, "preferences.html", context, status=422 if faults else 200)
