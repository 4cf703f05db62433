"""What is wrong with single fields of a request, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.texts import Texts

MOST = 10
"""Faults that are told; a body of 16 KB has room for thousands."""
LONGEST_NAME = 80
# What pydantic calls a fault, and which of the texts ``problem.field`` says it.
_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown",
    "string_type": "text",
    "string_unicode": "text",
    "string_too_long": "too_long",
    "literal_error": "choice",
    "model_type": "object",
    "model_attributes_type": "object",
    "dict_type": "object",
    "one_question": "one_question",
    "one_choice": "one_choice",
    "json": "json",
    "no_body": "no_body",
}


def field_faults(errors: Sequence[Mapping[str, Any]], texts: Texts) -> list[dict[str, str]]:
    """``{"field", "detail"}`` for each fault; the field as a path with dots, without the fault's value."""
    told = []
    for error in errors[:MOST]:
        code = _CODES.get(error["type"], "wrong")
        context = error.get("ctx", {})
        values = {"limit": context.get("max_length", ""), "expected": context.get("expected", "")}
        # Pydantic lists the choices as 'sv' or 'en', with a word of English between them.
        values["expected"] = ", ".join(part.strip("'") for part in values["expected"].split(" or "))
        place = ".".join(str(part) for part in error["loc"][1:])[:LONGEST_NAME]
        # A field's name is the caller's own: half a character in it cannot be sent back.
        field = place.encode("utf-8", "replace").decode()
        told.append({"field": field, "detail": texts(f"problem.field.{code}", **values)})
    return told
