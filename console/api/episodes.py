"""In which programmes a patient is monitored, from when until when."""

from aiohttp import web
from msgspec import Struct

from care.episodes import Episode, end_episode, list_episodes, start_episode
from console.api.asked import asked
from console.api.patient_in_path import patient_in_path
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from vitals.reading import AwareTime


class EpisodesAnswer(Struct, frozen=True, kw_only=True):
    items: list[Episode]
    """Ended ones too."""


class NewEpisode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    programme: str
    starts_at: AwareTime | None = None
    """Now by default."""
    reason: str = ""


class EndedEpisode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: str
    """goals_met, patient_request, moved, hospitalised, died, no_data, transferred or other."""
    note: str = ""
    ends_at: AwareTime | None = None
    """Now by default."""


async def get_episodes(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        found = await list_episodes(conn, request[CALLER].organisation_id, patient_id)
    return reply(EpisodesAnswer(items=found))


async def start(request: web.Request) -> web.Response:
    """Sets no limits: PUT …/limits does."""
    async with asked(request, NewEpisode) as it:
        made = await start_episode(
            it.conn,
            it.organisation_id,
            it.patient_id,
            programme=it.typed.programme,
            starts_at=it.typed.starts_at or it.now,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
    return reply(made, status=201)


async def end(request: web.Request) -> web.Response:
    """The plan of its programme ends with it."""
    episode_id = id_in_path(request, "item")
    async with asked(request, EndedEpisode) as it:
        ended = await end_episode(
            it.conn,
            it.organisation_id,
            it.patient_id,
            episode_id,
            ends_at=it.typed.ends_at or it.now,
            reason=it.typed.reason,
            note=it.typed.note,
            actor=it.actor,
            now=it.now,
        )
    return reply(ended)
