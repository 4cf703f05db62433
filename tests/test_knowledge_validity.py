"""In force, not yet, ended, or ended and continued."""

import datetime as dt
from dataclasses import replace

import pytest

from knowledge import Contact, Document, Municipality, Section, Validity, status

OLD = Validity(dt.date(2020, 1, 1), dt.date(2023, 12, 31))
NEW = Validity(dt.date(2024, 1, 1), dt.date(2027, 12, 31))


def section(slug: str, valid: Validity | None) -> Section:
    return Section(f"vara/{slug}", "goal", slug, None, "Text.", "sv", "mal-2020", valid)


EKONOMI, FAKTORER, KONTAKT = section("ekonomi", OLD), section("faktorer", OLD), section("kontakt", None)
FIRST = Document("mal-2020", "Mål", "https://vara.se/1", "sv", OLD, sections=(EKONOMI, FAKTORER, KONTAKT))
LATER = Document("mal-2024", "Nya mål", "https://vara.se/2", "sv", NEW, continues=("vara/ekonomi",))
VARA = Municipality(
    "vara", "Vara kommun", "https://vara.se", {}, Contact("Vara", "https://vara.se"), (FIRST, LATER)
)


@pytest.mark.parametrize(
    ("asked", "day", "state", "continued_by"),
    [
        (EKONOMI, "2019-12-31", "not_yet", None),
        (EKONOMI, "2020-01-01", "in_force", None),
        (EKONOMI, "2023-12-31", "in_force", None),
        (EKONOMI, "2024-01-01", "continued", "mal-2024"),
        (EKONOMI, "2027-12-31", "continued", "mal-2024"),
        (EKONOMI, "2028-01-01", "ended", "mal-2024"),
        (FAKTORER, "2024-01-01", "ended", None),
        (KONTAKT, "1999-01-01", "in_force", None),
        (KONTAKT, "2099-01-01", "in_force", None),
        (section("ny", Validity(None, dt.date(2023, 12, 31))), "1900-01-01", "in_force", None),
        (section("ny", Validity(dt.date(2024, 1, 1), None)), "2999-01-01", "in_force", None),
        (section("ny", Validity()), "2024-01-01", "in_force", None),
    ],
)
def test_status(asked: Section, day: str, state: str, continued_by: str | None) -> None:
    found = status(VARA, asked, dt.date.fromisoformat(day))
    assert (found.state, found.continued_by and found.continued_by.id) == (state, continued_by)
    assert found.valid == asked.valid


def test_between_two_documents_a_section_has_ended() -> None:
    late = replace(LATER, valid=Validity(dt.date(2025, 1, 1)))
    municipality = replace(VARA, documents=(FIRST, late))
    assert status(municipality, EKONOMI, dt.date(2024, 6, 1)).state == "ended"
    assert status(municipality, EKONOMI, dt.date(2025, 1, 1)).state == "continued"


def test_the_document_that_applies_today_continues() -> None:
    last = replace(LATER, id="mal-2028", valid=Validity(dt.date(2028, 1, 1)))
    found = status(replace(VARA, documents=(FIRST, LATER, last)), EKONOMI, dt.date(2030, 1, 1))
    assert found.continued_by == last


def test_a_document_without_days_continues_for_good() -> None:
    found = status(replace(VARA, documents=(FIRST, replace(LATER, valid=None))), EKONOMI, dt.date(2099, 1, 1))
    assert found.state == "continued"
