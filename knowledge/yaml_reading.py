"""Reads YAML strictly, where YAML is full of surprises.

Every scalar is text, so that ``no``, ``12:30`` and ``2024-01-01`` stay what was written; only
``null`` is read as nothing. Doubled keys, aliases and tags are faults.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from knowledge.faults import Fault, KnowledgeError
from knowledge.source import At, Source, sample

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
# A knowledge file is nine levels deep. On 200,000 "[" PyYAML's own tree builder crashes the whole process;
# its events, which are read here, come without recursion.
MAX_DEPTH = 20
# libyaml, with which PyYAML's wheels are built, is several times as fast; PyYAML's own parser also refuses
# a "?" before "]", as in [how?].
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


def read_yaml(path: Path, form: type[dict[str, Any]] | type[list[Any]] = dict) -> Source:
    """Read one file; raises ``KnowledgeError`` where it cannot be read to its end as one mapping, or as one
    list where that is the form."""
    text = _decoded(path)
    if faults := list(_unreadable_characters(path, text)):
        # Some of them move PyYAML's count of lines away from the editor's, so that nothing is read past them.
        raise KnowledgeError(faults)
    builder = _Builder(path, form)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.fault("yaml_syntax", mark.line + 1 if mark else None, problem=error.problem or "")
        raise KnowledgeError(builder.faults) from None
    return builder.source()


def invisible_characters(text: str) -> list[str]:
    """The names of control, format, unassigned and line-parting characters, each once, in order.

    Spaces of any width are none of them: they are the source's own letters.
    """
    if text.isprintable():
        return []
    found = (one for one in text if not one.isprintable() and unicodedata.category(one) != "Zs")
    return list(dict.fromkeys(f"U+{ord(one):04X}" for one in found))


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise KnowledgeError(
            [Fault(path, None, "unreadable_file", {"reason": str(error.strerror)})]
        ) from None
    try:
        text = raw.decode("utf-8-sig")  # Windows' editors put a byte order mark first
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        byte = f"0x{raw[error.start]:02X}"
        raise KnowledgeError([Fault(path, line, "not_utf8", {"byte": byte})]) from None
    return text


def _unreadable_characters(path: Path, text: str) -> Iterator[Fault]:
    for number, line in enumerate(_LINE_BREAK.split(text), start=1):
        if "\t" in line:
            yield Fault(path, number, "tab")
        for name in invisible_characters(line.replace("\t", "")):
            yield Fault(path, number, "invisible_character", {"character": name})


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    at: At
    value: dict[str, Any] | list[Any]
    key: str | None = None
    """The key that waits for its value."""


class _Builder:
    """Turns PyYAML's events into data, without recursion."""

    def __init__(self, path: Path, form: type) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self._form = form
        self._root: Any = None
        self._documents = 0
        self._open: list[_Open] = []
        self._lines: dict[At, int] = {}
        self._literal: set[At] = set()

    def fault(self, code: str, line: int | None, **details: str) -> None:
        self.faults.append(Fault(self._path, line, code, details))

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._stop("yaml_syntax", line, problem="another document starts here")
            case yaml.ScalarEvent():
                self._refuse_tag(event, line)
                self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_tag(event, line)
                self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()
            case yaml.AliasEvent():
                self._stop("yaml_alias", line)

    def source(self) -> Source:
        if self._root is None:
            self._stop("empty_file", None)
        if not isinstance(self._root, self._form):
            code = "not_list" if self._form is list else "not_mapping"
            self._stop(code, self._lines[()], where=self._path.name, found=sample(self._root))
        return Source(self._path, self._root, tuple(self.faults), self._lines, frozenset(self._literal))

    def _stop(self, code: str, line: int | None, **details: str) -> None:
        self.fault(code, line, **details)
        raise KnowledgeError(self.faults)

    def _refuse_tag(self, event: Any, line: int) -> None:
        if event.tag is not None:
            self.fault("yaml_tag", line, tag=event.tag)

    def _begin(self, value: dict[str, Any] | list[Any], line: int) -> None:
        if len(self._open) == MAX_DEPTH:
            self._stop("too_deep", line, limit=str(MAX_DEPTH))
        if self._awaits_key():
            self._stop("key_not_text", line, found=sample(value))
        self._open.append(_Open(self._place(value, line), value))

    def _scalar(self, event: Any, line: int) -> None:
        if self._awaits_key():
            self._key(event.value, line)
            return
        # A block's last line break ends its last line; it is no part of the text.
        block = event.style in ("|", ">")
        text = event.value.removesuffix("\n") if block else event.value
        nothing = event.style in (None, "") and text in NOTHING
        at = self._place(None if nothing else text, line)
        if event.style == "|":
            self._literal.add(at)

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._open[-1].key is None

    def _key(self, key: str, line: int) -> None:
        within = self._open[-1]
        at = (*within.at, key)
        if key in within.value:
            self.fault("doubled_key", line, key=key, other=str(self._lines[at]))
        within.key = key
        self._lines[at] = line

    def _place(self, value: Any, line: int) -> At:
        """Put a value where it belongs and return that place."""
        if not self._open:
            self._root = value
            self._lines[()] = line
            return ()
        within = self._open[-1]
        if isinstance(within.value, list):
            at: At = (*within.at, len(within.value))
            within.value.append(value)
            self._lines[at] = line
            return at
        assert within.key is not None, "the key's event came first"
        at = (*within.at, within.key)
        within.value[within.key] = value
        within.key = None
        return at
