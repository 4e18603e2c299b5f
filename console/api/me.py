"""Who is asking: their name, role, clinic, and how they like to work."""

from typing import Any
from uuid import UUID

from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from care.preferences import set_preferences
from care.users import find_user, update_user
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import reply


class MyClinic(Struct, frozen=True, kw_only=True):
    name: str
    time_zone: str
    phone: str | None
    emergency_number: str | None


class MyAccount(Struct, frozen=True, kw_only=True):
    id: UUID
    username: str
    display_name: str
    credential: str
    role: str
    patient_id: UUID | None
    preferences: dict[str, Any]
    clinic: MyClinic


class MyChanges(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    display_name: str | UnsetType = UNSET
    preferences: dict[str, Any] | UnsetType = UNSET
    """By name; null takes a choice back."""


async def get_me(request: web.Request) -> web.Response:
    return reply(await _account(request, dict(request[CALLER].preferences)))


async def change_me(request: web.Request) -> web.Response:
    changes = await read(request, MyChanges)
    caller = request[CALLER]
    preferences = dict(caller.preferences)
    async with request.app[PARTS].transaction() as conn:
        if not isinstance(changes.display_name, UnsetType):
            await update_user(
                conn, caller.organisation_id, caller.user_id, display_name=changes.display_name
            )
        if not isinstance(changes.preferences, UnsetType):
            preferences = await set_preferences(
                conn, caller.organisation_id, caller.user_id, changes.preferences
            )
        return reply(await _account(request, preferences))


async def _account(request: web.Request, preferences: dict[str, Any]) -> MyAccount:
    caller = request[CALLER]
    async with request.app[PARTS].connection() as conn:
        user = await find_user(conn, caller.organisation_id, caller.user_id)
    return MyAccount(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        credential=user.credential,
        role=user.role,
        patient_id=user.patient_id,
        preferences=preferences,
        clinic=MyClinic(
            name=caller.clinic.name,
            time_zone=caller.clinic.zone.key,
            phone=caller.clinic.phone,
            emergency_number=caller.clinic.emergency_number,
        ),
    )
