"""Whether a section applies on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from knowledge.model import Document, Municipality, Section, Validity

State = Literal["in_force", "not_yet", "ended", "continued"]


@dataclass(frozen=True, slots=True)
class Status:
    """How a section stands on one day."""

    state: State
    valid: Validity | None
    """The section's own days."""
    continued_by: Document | None = None
    """The later document that keeps the section in force, or kept it until it ended itself."""


def status(municipality: Municipality, section: Section, today: dt.date) -> Status:
    """How a section of the municipality stands today; one without days is always in force."""
    valid = section.valid
    if valid is None or _covers(valid, today):
        return Status("in_force", valid)
    if valid.start is not None and today < valid.start:
        return Status("not_yet", valid)
    later = [document for document in municipality.documents if section.id in document.continues]
    for document in later:
        if document.valid is None or _covers(document.valid, today):
            return Status("continued", valid, document)
    ends = {
        document.valid.end: document
        for document in later
        if document.valid and document.valid.end and document.valid.end < today
    }
    return Status("ended", valid, ends[max(ends)] if ends else None)


def _covers(valid: Validity, day: dt.date) -> bool:
    return (valid.start is None or valid.start <= day) and (valid.end is None or day <= valid.end)
