"""The OpenAPI document: what FastAPI finds out, with the problems as they are."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from bot.assistant import Assistant
from bot.channels.web.problems import MEDIA_TYPE, STATUSES, problem_type
from bot.channels.web.schemas import FieldFault, ProblemDetails
from bot.texts import load_texts

DESCRIPTION = """\
Answers questions about municipalities' goals in the municipalities' own words, with the source.

Problems are RFC 9457 problem details in the caller's language: the body's `language`, else `?language=`,
else `Accept-Language`, else the service's own. A client may ask as many questions a minute as the service is
set up for, 20 where nothing else is said, and fetch ten times as many lists and sections; then it gets `429`
with `Retry-After`.
"""
_REFERENCE = "#/components/schemas/{model}"
EXAMPLE_QUESTION = "What does the green municipality goal mean?"
EXAMPLE_BODIES = {
    "question": {
        "summary": "A question",
        "value": {"question": EXAMPLE_QUESTION, "municipality": "varnamo"},
    },
    "choice": {
        "summary": "A whole section",
        "value": {"choice": {"section": "varnamo/gron"}, "language": "en"},
    },
}
EXAMPLE_VALUES = {"limit": 16, "seconds": 17, "known": "vara, varnamo"}


def problems(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """The responses of an operation that can meet these kinds of problems, and faults of the program."""
    by_status: dict[int, list[str]] = {}
    for kind in (*kinds, "internal_error"):
        by_status.setdefault(STATUSES[kind], []).append(kind)
    return {status: _response(found) for status, found in sorted(by_status.items())}


def describe(app: FastAPI, assistant: Assistant) -> None:
    """Make ``app.openapi()`` give the whole document, with an answer of this assistant as the example."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes
            )
            schemas = made["components"]["schemas"]
            for model in (FieldFault, ProblemDetails):
                schema = model.model_json_schema(ref_template=_REFERENCE)
                schema.pop("$defs", None)
                schemas[model.__name__] = schema
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            asked = made["paths"]["/api/v1/ask"]["post"]
            asked["requestBody"]["content"]["application/json"]["examples"] = EXAMPLE_BODIES
            answer = {**assistant.ask(EXAMPLE_QUESTION).as_json(), "conversation": "eyJjaG9zZW4i..."}
            examples = {"answer": {"summary": "An answer", "value": answer}}
            asked["responses"]["200"]["content"]["application/json"]["examples"] = examples
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _response(kinds: list[str]) -> dict[str, Any]:
    texts = load_texts("en")
    schema = {"$ref": _REFERENCE.format(model=ProblemDetails.__name__)}
    examples: dict[str, dict[str, Any]] = {}
    for kind in kinds:
        detail = texts(f"problem.{kind}.detail", **EXAMPLE_VALUES)
        title = texts(f"problem.{kind}.title")
        value = {"type": problem_type(kind), "title": title, "status": STATUSES[kind], "detail": detail}
        examples[kind] = {"summary": title, "value": value}
    response: dict[str, Any] = {
        "description": "; ".join(example["summary"] for example in examples.values()),
        "content": {MEDIA_TYPE: {"schema": schema, "examples": examples}},
    }
    if {"rate_limited", "overloaded"} & set(kinds):
        retry = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
        response["headers"] = {"Retry-After": retry}
    return response
