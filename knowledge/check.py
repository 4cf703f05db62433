"""What the parts of a file must have in common, beyond the type of each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from knowledge.faults import Fault
from knowledge.parts import DocumentPart, FileParts, full_id
from knowledge.schema import SectionEntry, TranslationEntry
from knowledge.sentences import is_list_line, paragraphs, sentences, sentences_by_paragraph
from knowledge.source import At, Source, sample, steps


def consistency_faults(parts: FileParts, themes: Collection[str]) -> Iterator[Fault]:
    """Faults between the parts of one file; a part with faults of its own is left out.

    Args:
        themes: ids of the themes that sections may name.
    """
    source = parts.source
    document_places = [document.at for document in parts.documents]
    section_places = [place for document in parts.documents for place, _ in document.sections]
    yield from _doubled_ids(source, document_places)
    yield from _doubled_ids(source, section_places)
    yield from _doubled_words(source, section_places)
    document_ids = _ids(source, document_places)
    for document in parts.documents:
        yield from _continues_faults(parts, document, _ids(source, section_places))
        language = document.entry.language if document.entry else None
        for place, section in document.sections:
            if section is not None:
                yield from _notes_faults(source, place, section, document_ids, language)
                yield from _speaker_faults(source, place, section)
                yield from _theme_name_faults(source, place, section, themes)
                yield from _translation_faults(source, place, section, language)


def theme_faults(source: Source) -> Iterator[Fault]:
    """Ids and lines that stand twice in a file of themes."""
    themes = source.value(("themes",)) if isinstance(source.value(()), dict) else None
    places: list[At] = [
        ("themes", number) for number in range(len(themes) if isinstance(themes, list) else 0)
    ]
    yield from _doubled_ids(source, places)
    first: dict[str, At] = {}
    for at in places:
        for key in ("questions", "errands"):
            for place, words in _words(source, (*at, key)):
                other = first.setdefault(" ".join(words.casefold().split()), place)
                if other != place:
                    line = str(source.line(other))
                    yield source.fault("doubled_theme_line", place, words=sample(words), other=line)


def _theme_name_faults(
    source: Source, at: At, section: SectionEntry, themes: Collection[str]
) -> Iterator[Fault]:
    for number, name in enumerate(section.themes):
        place = (*at, "themes", number)
        if name not in themes:
            near = get_close_matches(name, themes, n=3, cutoff=0.5) or sorted(themes)
            yield source.fault("unknown_theme", place, theme=name, expected=", ".join(near))
        elif name in section.themes[:number]:
            yield source.fault("doubled_theme", place, theme=name)


def _id(source: Source, at: At) -> str | None:
    """Of an entry that may have faults: a known id with another fault is still known."""
    entry = source.value(at)
    found = entry.get("id") if isinstance(entry, dict) else None
    return found if isinstance(found, str) else None


def _ids(source: Source, places: Iterable[At]) -> list[str]:
    return [found for at in places if (found := _id(source, at)) is not None]


def _doubled_ids(source: Source, places: Iterable[At]) -> Iterator[Fault]:
    first: dict[str, At] = {}
    for at in places:
        if (found := _id(source, at)) is None:
            continue
        if found in first:
            other = f"{source.path.name}:{source.line((*first[found], 'id'))}"
            yield source.fault("doubled_id", (*at, "id"), id=found, other=other)
        first.setdefault(found, at)


def _doubled_words(source: Source, places: Iterable[At]) -> Iterator[Fault]:
    """The same alias or question twice: in two sections it would point to both, in one it does nothing."""
    first: dict[tuple[str, str], tuple[At, At]] = {}
    for place in places:
        for key, code in (("aliases", "doubled_alias"), ("questions", "doubled_question")):
            for at, words in _words(source, (*place, key)):
                name = code.removeprefix("doubled_")
                folded = (code, " ".join(words.casefold().split()))
                other_section, other = first.setdefault(folded, (place, at))
                # A name may be the same in both languages.
                if other != at and (other_section != place or other[:-1] == at[:-1] or name == "question"):
                    yield source.fault(code, at, **{name: sample(words), "other": str(source.line(other))})


def _words(source: Source, at: At) -> Iterator[tuple[At, str]]:
    entry = source.value(at[:-1])
    by_language = entry.get(at[-1]) if isinstance(entry, dict) else None
    for language, words in steps(by_language) if isinstance(by_language, dict) else []:
        for number, word in steps(words) if isinstance(words, list) else []:
            if isinstance(word, str):
                yield (*at, language, number), word


def _continues_faults(parts: FileParts, document: DocumentPart, slugs: list[str]) -> Iterator[Fault]:
    """``slugs``: the ids, without municipality, of all sections of the file."""
    if document.entry is None or parts.municipality is None:
        return
    municipality = parts.municipality.id
    own_slugs = _ids(parts.source, [place for place, _ in document.sections])
    own = [full_id(municipality, slug) for slug in own_slugs]
    others = [full_id(municipality, slug) for slug in slugs if slug not in own_slugs]
    for number, section in enumerate(document.entry.continues):
        place = (*document.at, "continues", number)
        if full_id(municipality, section) in own:
            yield parts.source.fault("continues_itself", place, section=section)
        elif not others:
            yield parts.source.fault("continues_nothing", place, section=section)
        elif full_id(municipality, section) not in others:
            yield parts.source.fault("continues_unknown", place, section=section, expected=", ".join(others))


def _notes_faults(
    source: Source, at: At, section: SectionEntry, documents: list[str], language: str | None
) -> Iterator[Fault]:
    for number, note in enumerate(section.notes):
        place = (*at, "notes", number)
        if note.document not in documents:
            yield source.fault(
                "note_document_unknown",
                (*place, "document"),
                document=note.document,
                expected=", ".join(documents),
            )
        yield from _own_language_faults(source, (*place, "translations"), note.translations, language)


def _speaker_faults(source: Source, at: At, section: SectionEntry) -> Iterator[Fault]:
    spans = sentences(section.text)
    starts, ends = {span.start for span in spans}, {span.end for span in spans}
    taken: list[tuple[int, int]] = []
    for number, speaker in enumerate(section.said_by):
        place = (*at, "said_by", number, "text")
        details = {"where": source.where(place), "found": sample(speaker.text)}
        count = section.text.count(speaker.text)
        start = section.text.find(speaker.text)
        end = start + len(speaker.text)
        if count == 0:
            yield source.fault("said_by_absent", place, **details)
        elif count > 1:
            yield source.fault("said_by_repeated", place, count=str(count), **details)
        elif start not in starts or end not in ends:
            yield source.fault("said_by_partial", place, **details)
        elif any(start < other_end and other_start < end for other_start, other_end in taken):
            yield source.fault("said_by_overlap", place, **details)
        taken.append((start, end))


def _own_language_faults(
    source: Source, at: At, translations: Iterable[str], language: str | None
) -> Iterator[Fault]:
    for found in translations:
        if found == language:
            yield source.fault("translation_of_itself", (*at, found), where=source.where(at), language=found)


def _translation_faults(
    source: Source, at: At, section: SectionEntry, language: str | None
) -> Iterator[Fault]:
    yield from _own_language_faults(source, (*at, "translations"), section.translations, language)
    for into, translation in section.translations.items():
        place = (*at, "translations", into)
        where = source.where(place)
        if section.lead and not translation.lead:
            yield source.fault("translation_lead_missing", place, where=where)
        if translation.lead and not section.lead:
            yield source.fault("translation_lead_extra", (*place, "lead"), where=where)
        yield from _alignment_faults(source, (*place, "text"), section.text, translation)


def _alignment_faults(source: Source, at: At, text: str, translation: TranslationEntry) -> Iterator[Fault]:
    """A translated sentence is shown with its original, so each must stand where its original does."""
    where = source.where(at)
    originals, translated = sentences_by_paragraph(text), sentences_by_paragraph(translation.text)
    if len(originals) != len(translated):
        yield source.fault(
            "translation_paragraphs",
            at,
            where=where,
            expected=str(len(originals)),
            found=str(len(translated)),
        )
        return
    for number, (original, own) in enumerate(zip(originals, translated, strict=True), start=1):
        line = translation.text.count("\n", 0, paragraphs(translation.text)[number - 1].start)
        details = {"where": where, "paragraph": str(number)}
        if len(original) != len(own):
            yield source.fault(
                "translation_sentences",
                at,
                line,
                expected=str(len(original)),
                found=str(len(own)),
                **details,
            )
        elif [is_list_line(text, one) for one in original] != [
            is_list_line(translation.text, one) for one in own
        ]:
            yield source.fault("translation_list_lines", at, line, **details)
