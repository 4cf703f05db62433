"""The page ``/docs``: the OpenAPI document for people, and what each kind of problem means."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from bot.channels.web.limits import limit_reads
from bot.channels.web.openapi import EXAMPLE_VALUES
from bot.channels.web.preferences import page_language
from bot.channels.web.problems import STATUSES, problem_type
from bot.channels.web.templating import render
from bot.settings import Settings
from bot.texts import load_texts

_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value may be: words around the name of a schema, where it is one."""

    before: str = ""
    schema: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a schema, or a parameter of an operation."""

    name: str
    kind: Kind
    required: bool
    description: Markup
    place: str = ""
    """``path`` or ``query`` for a parameter."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers with."""

    status: str
    description: str
    media_type: str
    schema: str
    headers: tuple[str, ...]
    example: str
    """JSON, indented."""


@dataclass(frozen=True, slots=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    description: Markup
    parameters: tuple[Field, ...]
    body: str
    """Name of the body's schema."""
    commands: tuple[str, ...]
    """Examples for a shell."""
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    name: str
    description: Markup
    fields: tuple[Field, ...]


def docs_router(settings: Settings) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs", dependencies=[Depends(limit_reads)])
    async def docs(request: Request) -> HTMLResponse:
        language = page_language(request, settings.default_language)
        document = request.app.openapi()
        base = str(settings.public_url or request.base_url).rstrip("/")
        texts = load_texts(language)
        kinds: list[dict[str, Any]] = [
            {
                "anchor": problem_type(kind).partition("#")[2],
                "status": status,
                "title": texts(f"problem.{kind}.title"),
                "detail": texts(f"problem.{kind}.detail", **EXAMPLE_VALUES),
            }
            for kind, status in STATUSES.items()
        ]
        return render(
            "docs.html",
            language,
            headers={"Vary": "Accept-Language", "Content-Language": language},
            version=document["info"]["version"],
            introduction=[_prose(part) for part in document["info"]["description"].split("\n\n")],
            operations=_operations(document, base),
            schemas=_schemas(document),
            problems=sorted(kinds, key=lambda kind: kind["status"]),
        )

    return router


def _operations(document: Mapping[str, Any], base: str) -> list[Operation]:
    return [
        _operation(method, path, operation, base)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _operation(method: str, path: str, operation: Mapping[str, Any], base: str) -> Operation:
    described = operation.get("parameters", ())
    parameters = tuple(
        Field(
            one["name"],
            _kind(one["schema"]),
            one["required"],
            _prose(one.get("description", "")),
            one["in"],
        )
        for one in described
    )
    called = path
    for one in described:
        if one["in"] == "path":
            called = called.replace(f"{{{one['name']}}}", one["schema"]["examples"][0])
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    bodies = [one["value"] for one in content.get("examples", {}).values()]
    commands = [f"curl {shlex.quote(base + called)}"]
    if bodies:
        header = "-H 'Content-Type: application/json'"
        written = (json.dumps(body, ensure_ascii=False) for body in bodies)
        commands = [f"curl {shlex.quote(base + called)} {header} -d {shlex.quote(body)}" for body in written]
    return Operation(
        anchor=operation["operationId"].replace("_", "-"),
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=_prose(operation.get("description", "")),
        parameters=parameters,
        body=_name(content.get("schema", {})),
        commands=tuple(commands),
        replies=tuple(_reply(status, one) for status, one in operation["responses"].items()),
    )


def _reply(status: str, response: Mapping[str, Any]) -> Reply:
    ((media_type, content),) = response["content"].items()
    examples = [one["value"] for one in content.get("examples", {}).values()]
    example = json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else ""
    headers = tuple(response.get("headers", ()))
    return Reply(status, response["description"], media_type, _name(content["schema"]), headers, example)


def _schemas(document: Mapping[str, Any]) -> list[Schema]:
    return [
        Schema(
            name,
            _prose(schema.get("description", "")),
            tuple(
                Field(
                    field,
                    _kind(held),
                    field in schema.get("required", ()),
                    _prose(held.get("description", "")),
                )
                for field, held in schema["properties"].items()
            ),
        )
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def _kind(schema: Mapping[str, Any]) -> Kind:
    if "$ref" in schema:
        return Kind(schema=_name(schema))
    if "anyOf" in schema:
        several = [_kind(one) for one in schema["anyOf"]]
        named = next((one for one in several if one.schema), several[0])
        others = [one.before for one in several if one is not named]
        return Kind(named.before, named.schema, named.after + "".join(f" or {other}" for other in others))
    if schema.get("type") == "array":
        held = _kind(schema["items"])
        return Kind(f"list of {held.before}", held.schema, held.after)
    values = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    return Kind(", ".join(map(str, values)) or str(schema.get("type", "any")))


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).removeprefix(_REFERENCE)


def _prose(text: str) -> Markup:
    """Words with `code` in backticks, as in the descriptions."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))
