"""The types of single values in a knowledge file; all of them arrive as text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from knowledge.model import LANGUAGES, Kind
from knowledge.source import sample

# Telegram gives a button 64 bytes of data: "municipality/section" takes 55 at most, which leaves nine for
# what the button does.
MUNICIPALITY_ID_LIMIT = 24
SECTION_ID_LIMIT = 30


def refuse(code: str, **details: str) -> PydanticCustomError:
    """What a validator raises; code and details become those of the ``Fault``."""
    return PydanticCustomError(code, code, dict(details))


def _matching(pattern: str, code: str) -> AfterValidator:
    whole = re.compile(pattern)

    def check(value: str) -> str:
        if not whole.fullmatch(value):
            raise refuse(code, found=sample(value))
        return value

    return AfterValidator(check)


def _at_most(limit: int) -> AfterValidator:
    def check(value: str) -> str:
        if len(value) > limit:
            raise refuse("long_id", found=value, length=str(len(value)), limit=str(limit))
        return value

    return AfterValidator(check)


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise refuse("unknown_language", found=sample(value), expected=", ".join(LANGUAGES))
    return value


def _kind(value: str) -> str:
    if value not in get_args(Kind):
        raise refuse("unknown_kind", found=sample(value), expected=", ".join(get_args(Kind)))
    return value


def _day(value: Any) -> dt.date | None:
    if value is None:
        return None
    try:
        # fromisoformat also takes "20240101" and "2024-W01-1", which people misread.
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise refuse("bad_date", found=sample(value))


def _number(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"[1-9][0-9]{0,5}", value):
        return int(value)
    raise refuse("bad_number", found=sample(value))


Id = Annotated[str, _matching(r"[a-z0-9-]+", "bad_id")]
MunicipalityId = Annotated[Id, _at_most(MUNICIPALITY_ID_LIMIT)]
ThemeId = Annotated[str, _matching(r"[a-z0-9_]+", "bad_theme_id")]
# A section is named with or without its municipality: "vara/ekonomi", "ekonomi".
SectionReference = Annotated[str, _matching(r"(?:[a-z0-9-]+/)?[a-z0-9-]+", "bad_id")]
SectionId = Annotated[Id, _at_most(SECTION_ID_LIMIT)]
Url = Annotated[str, _matching(r"https?://[^\s/?#]+(?:[/?#]\S*)?", "bad_url")]
Email = Annotated[str, _matching(r"[^@\s]+@[^@\s]+\.[^@\s]+", "bad_email")]
Phone = Annotated[str, _matching(r"\+?[0-9][0-9 ()/–-]+", "bad_phone")]
Language = Annotated[str, AfterValidator(_language)]
KindName = Annotated[str, AfterValidator(_kind)]
Day = Annotated[dt.date, BeforeValidator(_day)]
OpenDay = Annotated[dt.date | None, BeforeValidator(_day)]
Number = Annotated[int, BeforeValidator(_number)]
Words = dict[Language, list[str]]
