"""What can be wrong with a knowledge file, as values; the sentences for people are the bot's texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CODES: Mapping[str, frozenset[str]] = {
    code: frozenset(details.split())
    for code, details in {
        # directories and files
        "missing_directory": "",
        "unreadable_directory": "reason",
        "no_files": "",
        "wrong_suffix": "expected",
        "not_file": "",
        "unreadable_file": "reason",
        "empty_file": "",
        "not_utf8": "byte",
        # YAML
        "yaml_syntax": "problem",
        "yaml_alias": "",
        "yaml_tag": "tag",
        "tab": "",
        "too_deep": "limit",
        "key_not_text": "found",
        "doubled_key": "key other",
        # keys and types
        "unknown_key": "key where expected",
        "missing_key": "key where",
        "not_text": "where found",
        "not_list": "where found",
        "not_mapping": "where found",
        "empty_value": "where",
        # the letters of a text
        "invisible_character": "character",
        "not_nfc": "where",
        "several_lines": "where",
        "stray_space": "where",
        "extra_blank_line": "where",
        # values
        "bad_id": "where found",
        "bad_theme_id": "where found",
        "long_id": "where found length limit",
        "bad_url": "where found",
        "bad_email": "where found",
        "bad_phone": "where found",
        "bad_date": "where found",
        "bad_number": "where found",
        "end_before_start": "where start end",
        "unknown_language": "where found expected",
        "unknown_kind": "where found expected",
        # what must fit together
        "doubled_id": "id other",
        "doubled_alias": "alias other",
        "doubled_question": "question other",
        "doubled_theme": "theme",
        "doubled_theme_line": "words other",
        "unknown_theme": "theme expected",
        "continues_unknown": "section expected",
        "continues_nothing": "section",
        "continues_itself": "section",
        "note_document_unknown": "document expected",
        "translation_of_itself": "where language",
        "translation_lead_missing": "where",
        "translation_lead_extra": "where",
        "translation_paragraphs": "where expected found",
        "translation_sentences": "where paragraph expected found",
        "translation_list_lines": "where paragraph",
        "said_by_absent": "where found",
        "said_by_repeated": "where found count",
        "said_by_partial": "where found",
        "said_by_overlap": "where found",
    }.items()
}
"""Every code with the names of its details: the placeholders that its sentence may use."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend; ``line`` counts from 1 and is ``None`` where the whole file is at fault."""

    path: Path
    line: int | None
    code: str
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A placeholder that nobody fills would hide the fault from the person who must mend it.
        if self.details.keys() != CODES[self.code]:
            raise ValueError(f"{self.code}: details {sorted(self.details)} given")

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else f"{self.path}"
        return " ".join([f"{place}: {self.code}", *(f"{key}={value}" for key, value in self.details.items())])


class KnowledgeError(Exception):
    """The files cannot be used; ``faults`` holds every reason, by path and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (str(fault.path), fault.line or 0)))
        super().__init__("\n".join(map(str, self.faults)))
