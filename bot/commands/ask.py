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
from bot.commands.json_lines import BadLine, print_json, read_object
from bot.commands.progress import progress_bar
from bot.commands.start import starting_conversation
from bot.settings import Settings
from bot.texts import LANGUAGES, Texts

KEYS = frozenset({"id", "question", "municipality", "language", "conversation"})


def run(options: Namespace, settings: Settings, texts: Texts) -> int:
    if (options.question is None) != options.jsonl:
        print(texts("cli.ask.what"), file=sys.stderr)
        return 2
    with progress_bar(texts) as progress:
        assistant = assemble(settings, progress)
    conversation = starting_conversation(options, assistant, texts)
    if conversation is None:
        return 2
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
        except BadLine as error:
            identity = identity if error.identity is None else error.identity
            message = texts(f"cli.line.{error.code}", line=number, detail=error.detail)
            answer = Answer(
                "error", texts.language, message, Conversation(), reason="bad_request", message=message
            )
        yield {"id": identity, **answer.as_json()}


def _request(line: bytes) -> dict[str, Any]:
    request = read_object(line, "question")
    identity = request["id"]
    if unknown := sorted(request.keys() - KEYS):
        raise BadLine("unknown_key", ", ".join(unknown), identity)
    for key in ("municipality", "language", "conversation"):
        if not isinstance(request.get(key), str | None):
            raise BadLine("not_text", key, identity)
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
            raise BadLine("unknown_language", language, request["id"])
        conversation = replace(conversation, chosen_language=language)
    if name is not None:
        municipality = assistant.municipality(name)
        if municipality is None:
            raise BadLine("unknown_municipality", name, request["id"])
        conversation = replace(conversation, municipality=municipality)
    answer = assistant.ask(request["question"], conversation)
    if key is not None:
        conversations[key] = answer.conversation
    return answer
