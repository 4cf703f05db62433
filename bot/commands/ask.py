"""``malvakt ask``: one question, or a line of JSON each."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.answer import Answer, Conversation
from bot.assemble import assemble
from bot.assistant import Assistant
from bot.commands.json_lines import print_json, read_json
from bot.commands.progress import progress_bar
from bot.settings import Settings
from bot.texts import LANGUAGES, Texts

KEYS = frozenset({"id", "question", "municipality", "language", "conversation"})


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    if (options.question is None) != options.jsonl:
        print(texts("cli.ask.what"), file=sys.stderr)
        return 2
    with progress_bar(texts) as progress:
        assistant = assemble(settings, progress)
    conversation = Conversation(chosen_language=options.language)
    if options.municipality:
        municipality = assistant.municipality(options.municipality)
        if municipality is None:
            known = ", ".join(one.id for one in assistant.goals())
            print(texts("cli.unknown_municipality", name=options.municipality, known=known), file=sys.stderr)
            return 2
        conversation = replace(conversation, municipality=municipality)
    if options.jsonl:
        return _answer_lines(assistant, texts, conversation)
    answer = assistant.ask(options.question, conversation)
    if options.json:
        print_json(answer.as_json())
    else:
        print(answer.text)
    return 0


def _answer_lines(assistant: Assistant, texts: Texts, start: Conversation) -> int:
    status = 0
    for reply in answer_lines(assistant, texts, sys.stdin.buffer, start):
        status = 1 if reply["kind"] == "error" else status
        print_json(reply)
    return status


def answer_lines(
    assistant: Assistant, texts: Texts, lines: Iterable[bytes], start: Conversation
) -> Iterator[dict[str, Any]]:
    """An answer as JSON types for each line, in order, with the line's id.

    Args:
        lines: UTF-8 JSON objects; what cannot be read is answered with the kind "error". Blank lines are
            passed over.
        start: what every conversation begins with.
    """
    conversations: dict[str, Conversation] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        identity = None
        try:
            request = _request(line)
            identity = request.get("id")
            answer = _answer(assistant, request, conversations, start)
        except _BadLine as error:
            identity = identity if error.identity is None else error.identity
            message = texts(f"cli.line.{error.code}", line=number, detail=error.detail)
            answer = Answer(
                "error", texts.language, message, Conversation(), reason="bad_request", message=message
            )
        yield {"id": identity, **answer.as_json()}


class _BadLine(Exception):
    def __init__(self, code: str, detail: str = "", identity: object = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.identity = identity


def _request(line: bytes) -> dict[str, Any]:
    try:
        request = read_json(line)
    except UnicodeDecodeError:
        raise _BadLine("not_utf8") from None
    except ValueError:
        raise _BadLine("not_json") from None
    if not isinstance(request, dict):
        raise _BadLine("not_object")
    identity = request.get("id")
    if unknown := sorted(request.keys() - KEYS):
        raise _BadLine("unknown_key", ", ".join(unknown), identity)
    if "id" not in request or not isinstance(request.get("question"), str):
        raise _BadLine("missing", identity=identity)
    for key in ("municipality", "language", "conversation"):
        if not isinstance(request.get(key), str | None):
            raise _BadLine("not_text", key, identity)
    return request


def _answer(
    assistant: Assistant,
    request: dict[str, Any],
    conversations: dict[str, Conversation],
    start: Conversation,
) -> Answer:
    key, language, name = (request.get(field) for field in ("conversation", "language", "municipality"))
    conversation = conversations.get(key, start) if key is not None else start
    if language is not None:
        if language not in LANGUAGES:
            raise _BadLine("unknown_language", language, request["id"])
        conversation = replace(conversation, chosen_language=language)
    if name is not None:
        municipality = assistant.municipality(name)
        if municipality is None:
            raise _BadLine("unknown_municipality", name, request["id"])
        conversation = replace(conversation, municipality=municipality)
    answer = assistant.ask(request["question"], conversation)
    if key is not None:
        conversations[key] = answer.conversation
    return answer
