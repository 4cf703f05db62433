"""The web API through its front door: questions, choices, lists, and everything that is no request."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

import httpx
import pytest
from web_client import app_of, web_client, web_settings

from bot.answer import Answer, Choice, Conversation, Reason
from bot.assistant import Assistant
from bot.channels.web import schemas
from bot.channels.web.problems import MEDIA_TYPE, STATUSES
from bot.channels.web.schemas import AskResponse
from bot.texts import load_texts

GREEN = "Vad betyder målet om en grön kommun?"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client(assistant: Assistant, data_dir: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with web_client(assistant, web_settings(data_dir)) as opened:
        yield opened


async def ask(client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    response = await client.post("/api/v1/ask", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert response.headers["content-language"] == answer["language"]
    return answer


@pytest.mark.parametrize(
    ("question", "language", "section"),
    [
        (GREEN, "sv", "varnamo/gron"),
        ("what does the green municipality goal mean?", "en", "varnamo/gron"),
    ],
)
async def test_a_question_is_answered_with_all_fields_of_an_answer(
    client, assistant, question, language, section
):
    answer = await ask(client, question=question, municipality="varnamo")
    token = answer.pop("conversation")
    expected = assistant.ask(question, Conversation(municipality="varnamo")).as_json()
    assert answer == json.loads(json.dumps(expected))
    assert (answer["language"], answer["citations"][0]["section"]) == (language, section)
    assert token.count(".") >= 2


async def test_a_conversation_goes_on_with_the_token(client):
    first = await ask(client, question="Hur arbetar ni med målen?", municipality="Värnamo kommun")
    second = await ask(client, question="Berätta mer", conversation=first["conversation"])
    assert second["parts"][0]["section"] == first["parts"][0]["section"] == "varnamo/arbete"
    assert not set(second["quotes"]) & set(first["quotes"])
    # The conversation's municipality goes before the one that is only meant.
    third = await ask(
        client, question="Vilka mål finns?", municipality="vara", conversation=second["conversation"]
    )
    assert third["municipalities"] == ["varnamo"]
    # Without the token nothing is known.
    alone = await ask(client, question="Berätta mer")
    assert alone["reason"] == "unclear"


async def test_a_choice_is_sent_back_as_it_is(client):
    unclear = await ask(client, question="Vilka mål har kommunen?")
    assert unclear["kind"] == "clarify"
    for choice in unclear["choices"]:
        chosen = await ask(client, choice=choice, conversation=unclear["conversation"])
        assert chosen["municipalities"] == [choice["municipality"]]
    answer = await ask(client, question=GREEN, municipality="varnamo")
    suggestion = answer["suggestions"][0]
    shown = await ask(client, choice=suggestion, conversation=answer["conversation"])
    assert shown["parts"][0]["section"] == suggestion["section"]
    assert shown["parts"][0]["whole"]


@pytest.mark.parametrize("reason", [None, *get_args(Reason)])
async def test_what_was_perhaps_meant_is_a_choice(client, monkeypatch, reason):
    choices = (
        Choice("En grön kommun", None, "varnamo/gron"),
        Choice("Hållbar ekonomi", "vara", "vara/ekonomi"),
    )
    kind = "no_answer" if reason else "clarify"
    offer = Answer(kind, "sv", "Menade du …", Conversation(), reason=reason, choices=choices)
    monkeypatch.setattr(Assistant, "ask", lambda *_: offer)
    answer = await ask(client, question="vad menade jag")
    AskResponse.model_validate(answer)
    assert answer["reason"] == reason
    for choice in answer["choices"]:
        shown = await ask(client, choice=choice, conversation=answer["conversation"])
        assert [part["section"] for part in shown["parts"]] == [choice["section"]]
        assert shown["parts"][0]["whole"]


async def test_the_language_is_the_persons_choice_or_the_questions(client):
    chosen = await ask(client, question=GREEN, language="en")
    assert chosen["language"] == "en"
    # The client holds the choice: what it no longer sends is no longer chosen.
    follows = await ask(client, question=GREEN, conversation=chosen["conversation"])
    assert follows["language"] == "sv"


@pytest.mark.parametrize("length", [1000, 1001, 5000])
async def test_a_long_question_is_an_answer(client, length):
    answer = await ask(client, question="å" * length)
    assert (answer["reason"] == "too_long") == (length > 1000)


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        "\x00",
        "\ud83d",
        "a\ud800b\x00",
        "Vad är målet?\ud83d",
        "👩‍👩‍👧" * 100,
        "\u202eabc",
        "<script>",
        "{0}",
    ],
)
async def test_hard_questions_are_answered(client, question):
    response = await client.post(
        "/api/v1/ask", content=json.dumps({"question": question}).encode(), headers=JSON
    )
    assert response.status_code == 200
    assert response.json()["kind"] in ("answer", "no_answer", "clarify")


DEEP = b"[" * 8000
NOT_UNDERSTOOD = [
    b"",
    b"null",
    b"[]",
    b"1",
    b"\xff\xfe",
    b"{",
    DEEP,
    b'{"question":' + b"[" * 3000 + b"]" * 3000 + b"}",
    b'{"question":"a","question":"b"}',
    b'{"question":1}',
    b'{"question":null}',
    b'{"question":' + b"9" * 5000 + b"}",
    b'{"question":1e999}',
    b'{"question":NaN}',
    b'{"question":{"a":1}}',
    b'{"question":"a","choice":{"municipality":"vara"}}',
    b"{}",
    b'{"choice":{}}',
    b'{"choice":{"label":"x"}}',
    b'{"choice":"vara"}',
    b'{"choice":{"municipality":"vara","nonsense":1}}',
    b'{"question":"a","language":"de"}',
    b'{"question":"a","language":1}',
    b'{"question":"a","municipality":7}',
    b'{"question":"a","conversation":7}',
    b'{"question":"a","nonsense":1}',
    b'{"question":"a","\\ud800":1}',
    b'{"question":"a","municipality":"' + b"x" * 1000 + b'"}',
]


@pytest.mark.parametrize("body", NOT_UNDERSTOOD, ids=[repr(body[:40]) for body in NOT_UNDERSTOOD])
async def test_a_body_that_cannot_be_understood(client, body):
    response = await client.post("/api/v1/ask", content=body, headers=JSON)
    assert response.status_code == 422
    problem = said(response, "invalid_request", "sv")
    assert problem["errors"]
    assert all(fault["detail"] for fault in problem["errors"])


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "kind"),
    [
        ("POST", "/api/v1/ask", b'{"question":"a","municipality":"nowhere"}', JSON, "unknown_municipality"),
        ("POST", "/api/v1/ask", b'{"choice":{"municipality":"nowhere"}}', JSON, "unknown_municipality"),
        (
            "POST",
            "/api/v1/ask",
            b'{"choice":{"municipality":"\\ud800\\u0000"}}',
            JSON,
            "unknown_municipality",
        ),
        ("POST", "/api/v1/ask", b'{"choice":{"section":"varnamo/nothing"}}', JSON, "unknown_section"),
        ("POST", "/api/v1/ask", b'{"question":"a"}', {}, "unsupported_media_type"),
        ("POST", "/api/v1/ask", b"x", {"Content-Type": "text/plain"}, "unsupported_media_type"),
        (
            "POST",
            "/api/v1/ask",
            '{"question":"å"}'.encode("latin-1"),
            {"Content-Type": "application/json; charset=latin-1"},
            "unsupported_media_type",
        ),
        (
            "POST",
            "/api/v1/ask",
            b'{"question":"a"}',
            {"Content-Type": "application/json; charset=utf-16; charset=utf-8"},
            "unsupported_media_type",
        ),
        ("POST", "/api/v1/ask", b"a=b", {"Content-Type": "multipart/form-data"}, "unsupported_media_type"),
        ("POST", "/api/v1/ask", b'"' + b"x" * 16384 + b'"', JSON, "body_too_large"),
        ("POST", "/nowhere", b"x" * 16385, {}, "body_too_large"),
        ("POST", "/staff/sign-in", b"x" * 16385, {}, "body_too_large"),
        ("GET", "/api/v1/goals?municipality=nowhere", b"", {}, "unknown_municipality"),
        ("GET", "/api/v1/goals?language=de", b"", {}, "invalid_request"),
        ("GET", "/api/v1/sections/varnamo/nothing", b"", {}, "unknown_section"),
        ("GET", "/api/v1/sections/%00/%ed%a0%80", b"", {}, "unknown_section"),
        ("GET", "/api/v1/nowhere", b"", {}, "not_found"),
        ("GET", "/api/v1/ask/", b"", {}, "not_found"),
        ("GET", "/nowhere", b"", {}, "not_found"),
        ("GET", "/api/v1/ask", b"", {}, "method_not_allowed"),
        ("DELETE", "/api/v1/goals", b"", {}, "method_not_allowed"),
    ],
)
async def test_problems(client, method, path, body, headers, kind):
    for language in ("sv", "en"):
        accept = {"Accept-Language": f"de, {language};q=0.8, fr;q=0.1"}
        response = await client.request(method, path, content=body, headers={**headers, **accept})
        assert response.status_code == STATUSES[kind]
        said(response, kind, language)
        if kind == "method_not_allowed":
            assert response.headers["allow"]


def said(response: httpx.Response, kind: str, language: str) -> dict[str, Any]:
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.headers["content-language"] == language
    problem: dict[str, Any] = response.json()
    assert problem["type"] == f"/docs#{kind.replace('_', '-')}"
    assert problem["status"] == response.status_code
    assert problem["title"] == load_texts(language)(f"problem.{kind}.title")
    assert problem["detail"]
    assert "{" not in problem["detail"]
    schemas.ProblemDetails.model_validate(problem)
    return problem


@pytest.mark.parametrize(
    "kind", ["application/json; charset=UTF-8", 'Application/JSON ;charset="utf-8"', "application/json;v=1"]
)
async def test_json_in_utf_8_may_say_so(client, kind):
    response = await client.post(
        "/api/v1/ask", content='{"question":"å"}'.encode(), headers={"Content-Type": kind}
    )
    assert response.status_code == 200


@pytest.mark.parametrize("headers", [{}, JSON])
async def test_an_empty_body_is_said_to_be_empty(client, headers):
    response = await client.post("/api/v1/ask", headers={**headers, "Accept-Language": "en"})
    problem = said(response, "invalid_request", "en")
    assert problem["errors"] == [{"field": "", "detail": load_texts("en")("problem.field.no_body")}]


async def test_a_body_without_a_length_is_counted_while_it_is_read(client):
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 1000

    response = await client.post("/api/v1/ask", content=endless(), headers=JSON)
    assert response.status_code == 413
    said(response, "body_too_large", "sv")


async def test_a_body_of_16_kb_is_read(client):
    body = b'{"question":"' + b"a" * (16384 - 15) + b'"}'
    assert len(body) == 16384
    assert (await client.post("/api/v1/ask", content=body, headers=JSON)).json()["reason"] == "too_long"


async def test_a_problem_is_in_the_language_of_the_body(client):
    response = await client.post(
        "/api/v1/ask",
        json={"question": "a", "language": "en", "nonsense": 1},
        headers={"Accept-Language": "sv"},
    )
    problem = said(response, "invalid_request", "en")
    assert problem["errors"] == [{"field": "nonsense", "detail": load_texts("en")("problem.field.unknown")}]


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("*/*", False),
        ("application/json", False),
        ("text/html;q=0.1, application/json", False),
        ("text/html;q=x", False),
        ("", False),
    ],
)
async def test_a_browser_gets_a_page(client, accept, html):
    headers = {"Accept": accept, "Accept-Language": "en"}
    response = await client.get("/nowhere", headers=headers)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html" if html else MEDIA_TYPE)
    assert load_texts("en")("problem.not_found.title") in response.text
    # The API is for programs, whatever they say that they like.
    said(await client.get("/api/nowhere", headers=headers), "not_found", "en")


async def test_lists_in_the_callers_language(client, assistant):
    listed = (await client.get("/api/v1/municipalities")).json()["municipalities"]
    assert [one["id"] for one in listed] == [one.id for one in assistant.goals()]
    assert listed[0]["contact"]["name"]
    for query, header, language in [
        ("?language=en", "sv", "en"),
        ("", "en-GB,sv;q=0.1", "en"),
        ("", "sv; q=0.1, EN", "en"),
        ("", "en;q=x, sv;q=0.1", "sv"),
        ("", "", "sv"),
        ("", "de", "sv"),
    ]:
        response = await client.get(f"/api/v1/goals{query}", headers={"Accept-Language": header})
        body = response.json()
        assert body["language"] == response.headers["content-language"] == language
        expected = [goal.title for one in assistant.goals(language) for goal in one.goals]
        assert [goal["title"] for goal in body["goals"]] == expected
        assert len(expected) > 4
    for name in ("vara", "Vara", "VARA KOMMUN"):
        one = (await client.get("/api/v1/goals", params={"municipality": name})).json()["goals"]
        assert {goal["municipality"] for goal in one} == {"vara"}


async def test_a_section(client, assistant):
    body = (await client.get("/api/v1/sections/varnamo/gron?language=en")).json()
    expected = assistant.section("varnamo/gron", "en")
    assert body["title"] == expected.title
    assert [one["text"] for one in body["sentences"]] == [one.text for one in expected.sentences]
    schemas.SectionOut.model_validate(body)


@pytest.mark.parametrize(("model", "value"), [(schemas.AskResponse, Answer)], ids=["an answer"])
def test_the_schema_spells_out_every_field(model, value):
    names = {one.name for one in fields(value)} | {"quotes", "conversation"}
    assert set(model.model_fields) == names
    looked_at = 0
    for name in ("parts", "citations", "choices", "suggestions"):
        inner = model.model_fields[name].annotation.__args__[0]
        held = get_type_hints(value)[name].__args__[0]
        assert set(inner.model_fields) == {one.name for one in fields(held)}
        looked_at += 1
    assert looked_at == 4
    assert all(one.is_required() for one in model.model_fields.values())


async def test_a_fault_of_the_program_is_a_problem_and_says_nothing_of_the_question(
    client, caplog, monkeypatch
):
    def fail(self: object, question: str, conversation: Conversation) -> Answer:
        raise RuntimeError(f"secret {question}")

    monkeypatch.setattr(Assistant, "ask", fail)
    with caplog.at_level(logging.DEBUG):
        response = await client.post("/api/v1/ask", json={"question": "min hemliga fråga"})
    assert response.status_code == 500
    said(response, "internal_error", "sv")
    assert "content-security-policy" in response.headers
    assert "RuntimeError" in caplog.text
    assert "test_web_api.py" in caplog.text
    assert "secret" not in caplog.text + response.text
    assert "hemliga" not in caplog.text + response.text


async def test_sixteen_at_once_are_all_answered_right(client, assistant):
    questions = [(one.id, goal.title) for one in assistant.goals() for goal in one.goals] * 4
    assert len(questions) > 16
    bodies = [
        {"question": f"Vad betyder målet {title}?", "municipality": where} for where, title in questions
    ]
    answers = await asyncio.gather(*(ask(client, **body) for body in bodies[:16]))
    for body, answer in zip(bodies, answers, strict=False):
        alone = assistant.ask(body["question"], Conversation(municipality=body["municipality"]))
        assert answer["text"] == alone.text


async def test_probes(client, monkeypatch):
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    ready = await client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "index": True,
        "encoder": True,
        "database": True,
        "stopping": False,
    }
    watch = app_of(client).state.watch
    watch.stopping = True
    assert (await client.get("/readyz")).status_code == 503
    watch.stopping = False

    def fail(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(Assistant, "find", fail)
    monkeypatch.setattr("bot.channels.web.probes.FRESH", 0.0)
    broken = await client.get("/readyz")
    assert broken.status_code == 503
    assert broken.json()["database"]
    assert not broken.json()["index"]
    assert not broken.json()["ready"]


async def test_docs_describe_every_operation(client):
    document = (await client.get("/openapi.json")).json()
    operations = [
        (path, operation) for path, methods in document["paths"].items() for operation in methods.values()
    ]
    assert len(operations) == 6
    for path, operation in operations:
        assert operation["summary"], path
        assert "200" in operation["responses"], path
        for status, response in operation["responses"].items():
            if int(status) >= 400 and path.startswith("/api"):
                assert set(response["content"]) == {MEDIA_TYPE}, (path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]
