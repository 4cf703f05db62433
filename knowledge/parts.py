"""A file read part by part, so that a fault in one does not hide those of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge.entry_reading import read_entry
from knowledge.faults import Fault
from knowledge.schema import DocumentEntry, FileEntry, MunicipalityEntry, SectionEntry
from knowledge.source import At, Source, steps


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A document and its sections with their places; ``None`` where one has faults of its own."""

    at: At
    entry: DocumentEntry | None
    sections: tuple[tuple[At, SectionEntry | None], ...]


@dataclass(frozen=True, slots=True)
class FileParts:
    """A file as far as it could be read."""

    source: Source
    municipality: MunicipalityEntry | None
    documents: tuple[DocumentPart, ...]
    faults: tuple[Fault, ...]


def read_parts(source: Source) -> FileParts:
    """Read each part by itself, so that all faults of a file come at once."""
    _, faults = read_entry(FileEntry, source, ())
    municipality: MunicipalityEntry | None = None
    if "municipality" in source.data:
        municipality, found = read_entry(MunicipalityEntry, source, ("municipality",))
        faults += found
    documents = []
    for at in _places(source.data, ("documents",)):
        document, found = read_entry(DocumentEntry, source, at)
        faults += found
        sections = []
        for place in _places(source.data, (*at, "sections")):
            section, found = read_entry(SectionEntry, source, place)
            faults += found
            sections.append((place, section))
        documents.append(DocumentPart(at, document, tuple(sections)))
    return FileParts(source, municipality, tuple(documents), tuple(faults))


def full_id(municipality: str, section: str) -> str:
    """``vara/ekonomi``, whether or not the municipality is already named."""
    return section if "/" in section else f"{municipality}/{section}"


def _places(data: Any, at: At) -> list[At]:
    """The places in the list at a place; none where there is no list."""
    for step in at:
        try:
            data = data[step]
        except (KeyError, TypeError):  # the part is missing or not what it should be: reported elsewhere
            return []
    return [(*at, step) for step, _ in steps(data)] if isinstance(data, list) else []
