"""The OpenAPI 3.1 description, made from the table of routes that serves."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

import msgspec

from console.once import HEADER, KEY_MOST
from console.problems import CONTENT_TYPE
from console.routing import API, Door, Route

PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer to the field at fault"},
        "errors": {
            "type": "array",
            "description": "all faults, where there are several",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
SECURITY: Final[dict[Door, list[dict[str, list[str]]]]] = {
    Door.OPEN: [],
    Door.SESSION: [{"session": []}],
    Door.SOURCE: [{"source": []}, {"sourceBearer": []}],
}
KEY: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "names the request: sent again, it is answered again and done once",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_MOST},
}
_VARIABLE: Final = re.compile(r"\{(\w+)\}")
Refs = dict[type[msgspec.Struct], dict[str, Any]]


def describe(routes: Sequence[Route], *, version: str) -> dict[str, Any]:
    """The document that /api/v1/openapi.json serves."""
    structs = [each for route in routes for each in (route.body, route.answer, route.later) if each]
    found, schemas = msgspec.json.schema_components(
        structs, ref_template="#/components/schemas/{name}"
    )
    # Two of one name are called by their modules too: only msgspec knows which.
    refs: Refs = dict(zip(structs, found, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hearthbeat", "version": version},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer"},
                "source": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
                "sourceBearer": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(route: Route, refs: Refs) -> dict[str, Any]:
    parameters = [*_path_parameters(route), *_query_parameters(route)]
    operation: dict[str, Any] = {
        "operationId": _name(route),
        "summary": route.about,
        "security": SECURITY[route.door],
        "parameters": [*parameters, KEY] if route.remembers else parameters,
        "responses": {str(route.status): _success(route, refs)}
        | _later(route, refs)
        | _problems(route),
    }
    if route.roles:
        operation["x-roles"] = sorted(route.roles)
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(refs[route.body])}
    return operation


def _name(route: Route) -> str:
    words = _VARIABLE.sub(r"by_\1", route.path.removeprefix(API)).strip("/") or "index"
    return f"{route.method.lower()}_{re.sub(r'[^a-z0-9_]+', '_', words)}"


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _VARIABLE.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": parameter.name,
            "in": "query",
            "required": False,
            "description": parameter.about,
            "schema": dict(parameter.schema),
        }
        for parameter in route.parameters
    ]


def _success(route: Route, refs: Refs) -> dict[str, Any]:
    if route.status == HTTPStatus.NO_CONTENT:
        return {"description": "Done."}
    if route.answer is not None:
        return {"description": "Done.", "content": _json(refs[route.answer])}
    return {"description": "Done.", "content": {"application/json": {"schema": {}}}}


def _later(route: Route, refs: Refs) -> dict[str, dict[str, Any]]:
    if route.later is None:
        return {}
    said = "Under way: ask again after as many seconds as `Retry-After` says."
    return {
        str(HTTPStatus.ACCEPTED.value): {"description": said, "content": _json(refs[route.later])}
    }


def _problems(route: Route) -> dict[str, dict[str, Any]]:
    """Each refusal that this route can answer with: nothing else is to be reckoned with."""
    statuses = {400, 429, 503}
    if route.door is not Door.OPEN:
        statuses |= {401, 403}
    if route.path != _VARIABLE.sub("", route.path) or route.parameters:
        statuses |= {404}
    if route.method != "GET":
        statuses |= {401, 403, 404, 408, 409, 412, 413, 422}
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}, by RFC 9457.",
            "content": content,
        }
        for status in sorted(statuses)
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
