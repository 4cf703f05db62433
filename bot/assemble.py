"""The one place where the layers meet: goal texts and index become what the assistant asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from filelock import FileLock

import index
import knowledge
from bot.answer import Contact, MunicipalityGoals, SectionSummary
from bot.assistant import Assistant, Clock
from bot.confidence import Confidence
from bot.library import Candidate, LibraryNote, LibrarySection, Line, Period, SectionStatus
from bot.obstacles import AssemblyError, Obstacle, fault_obstacles
from bot.settings import Settings, SettingsError

SECTION_WEIGHTS = (5.0, 4.0, 3.0, 2.0, 1.0)
"""A section scores by its five best views. With each example question in turn left out of the index and
asked, its section came first in 74 % of cases so, in 72 % by three views, in 68 % by the best view alone."""
BACKGROUND = "background"

Progress = Callable[[int, int], None]


def _today_in_sweden() -> dt.date:
    return dt.datetime.now(ZoneInfo("Europe/Stockholm")).date()


def assemble(
    settings: Settings, progress: Progress | None = None, *, clock: Clock = _today_in_sweden
) -> Assistant:
    """Everything put together; builds the index where there is none that fits.

    Args:
        progress: called with how many texts are encoded and how many there are, while the index is built.
        clock: today's date where the municipalities are.

    Raises:
        AssemblyError: the goal texts have faults, or the encoder cannot be loaded.
        SettingsError: the default municipality is not among the goal texts.
        OSError: the data directory cannot be written.
    """
    texts = load_texts(settings)
    known = [municipality.id for municipality in texts.municipalities]
    if settings.default_municipality not in (None, *known):
        raise SettingsError("municipality", name="MALVAKT_DEFAULT_MUNICIPALITY", detail=", ".join(known))
    opened = _open_index(settings, texts, progress)
    return Assistant(
        GoalLibrary(texts),
        IndexSearcher(opened, texts),
        Confidence.load(),
        index.words,
        clock,
        default_language=settings.default_language,
        default_municipality=settings.default_municipality,
    )


def load_texts(settings: Settings) -> knowledge.Knowledge:
    """The goal texts that the settings name, else those that come with the program.

    Raises `AssemblyError`.
    """
    try:
        return knowledge.load_knowledge(settings.knowledge_dirs or [knowledge.GOALS_DIRECTORY])
    except knowledge.KnowledgeError as error:
        raise AssemblyError(fault_obstacles(error.faults)) from error


def load_encoder(settings: Settings) -> index.Encoder:
    """The encoder that the settings name. Raises `AssemblyError`."""
    try:
        return index.load_encoder(settings.encoder)
    except index.EncoderError as error:
        raise AssemblyError([Obstacle(f"cli.encoder.{error.code}", error.details)]) from error


def open_goal_index(settings: Settings, progress: Progress | None = None) -> index.Index:
    """The index over the goal texts alone, as `assemble` opens it; raises what that raises."""
    return _open_index(settings, load_texts(settings), progress)


def _open_index(settings: Settings, texts: knowledge.Knowledge, progress: Progress | None) -> index.Index:
    """The index in the data directory, built anew where it is missing, damaged or of other texts.

    Of several processes that start at once one builds, and the others read what it built.
    """
    passages = [p for municipality in texts.municipalities for p in index.section_passages(municipality)]
    passages += index.question_passages(knowledge.load_background(), BACKGROUND)
    encoder = load_encoder(settings)
    directory = settings.data_dir / "index"
    current = _read(directory, encoder, passages)
    if current:
        return current
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.data_dir / "index.lock"):
        current = _read(directory, encoder, passages)
        if current:
            return current
        cache = index.VectorCache(settings.data_dir / "vectors.npz")
        built = index.Index.build(passages, encoder, cache=cache, progress=progress)
        built.save(directory)
        cache.save()
        return built


def _read(directory: Path, encoder: index.Encoder, passages: Sequence[index.Passage]) -> index.Index | None:
    try:
        opened = index.Index.open(directory, encoder)
    except index.StoreError:
        return None
    return opened if opened.passages == tuple(passages) else None


class GoalLibrary:
    """The goal texts as `bot.library.Library`."""

    def __init__(self, texts: knowledge.Knowledge) -> None:
        self._texts = texts
        places = knowledge.load_places()
        self.municipalities = tuple(_goals(municipality) for municipality in texts.municipalities)
        self.names = {
            name: municipality.id
            for municipality in texts.municipalities
            for name in (municipality.name, *(n for names in municipality.aliases.values() for n in names))
        }
        loaded = {index.fold(name) for name in self.names}
        self.elsewhere = tuple(name for name in places.names if index.fold(name) not in loaded)
        self.ordinary_words = tuple(sorted(places.ordinary_words))
        self.sections = {
            section.id: _section(municipality, section)
            for municipality in texts.municipalities
            for section in municipality.sections()
        }

    def status(self, section_id: str, day: dt.date) -> SectionStatus:
        section = self._texts.section(section_id)
        municipality = self._texts.municipality(section_id.partition("/")[0])
        status = knowledge.status(municipality, section, day)
        later = status.continued_by
        return SectionStatus(
            status.state,
            _period(status.valid),
            _period(later.valid) if later else None,
            later.title if later else None,
        )


def _goals(municipality: knowledge.Municipality) -> MunicipalityGoals:
    contact = municipality.contact
    return MunicipalityGoals(
        id=municipality.id,
        name=municipality.name,
        website=municipality.website,
        contact=Contact(contact.name, contact.url, contact.phone, contact.email),
        sections=tuple(
            SectionSummary(section.id, municipality.id, section.kind, section.title, section.lead)
            for section in municipality.sections()
        ),
    )


def _section(municipality: knowledge.Municipality, section: knowledge.Section) -> LibrarySection:
    document = municipality.document(section.document)
    translations = section.translations
    leads = {section.language: section.lead, **{name: t.lead for name, t in translations.items()}}
    return LibrarySection(
        id=section.id,
        municipality=municipality.id,
        kind=section.kind,
        language=section.language,
        titles={section.language: section.title, **{name: t.title for name, t in translations.items()}},
        leads={name: lead for name, lead in leads.items() if lead},
        aliases=section.aliases,
        translators={name: translation.by for name, translation in translations.items()},
        lines=tuple(_lines(section)),
        notes=tuple(
            LibraryNote(
                {section.language: note.text, **note.translations},
                municipality.document(note.document).title,
                municipality.document(note.document).url,
            )
            for note in section.notes
        ),
        document=document.title,
        url=document.url,
    )


def _lines(section: knowledge.Section) -> list[Line]:
    """The sentences of a section beside their translations; the knowledge check has counted both."""
    texts = {section.language: section.text, **{name: t.text for name, t in section.translations.items()}}
    spans = {name: knowledge.sentences(text) for name, text in texts.items()}
    source = spans[section.language]
    paragraphs = [
        number
        for number, paragraph in enumerate(knowledge.sentences_by_paragraph(section.text))
        for _ in paragraph
    ]
    return [
        Line(
            texts={name: texts[name][spans[name][at].start : spans[name][at].end] for name in texts},
            paragraph=paragraphs[at],
            item=knowledge.is_list_line(section.text, span),
            speakers=_speakers(section, span),
        )
        for at, span in enumerate(source)
    ]


def _speakers(section: knowledge.Section, span: knowledge.Span) -> dict[str, str]:
    """Who says the sentence, as name and role, by language; empty where nobody is quoted."""
    for speaker in section.said_by:
        if speaker.start <= span.start and span.end <= speaker.end:
            roles = {section.language: speaker.role or "", **speaker.roles}
            return {name: ", ".join(filter(None, (speaker.name, role))) for name, role in roles.items()}
    return {}


def _period(valid: knowledge.Validity | None) -> Period | None:
    return Period(valid.start, valid.end) if valid else None


class IndexSearcher:
    """The index as `bot.library.Searcher`."""

    def __init__(self, opened: index.Index, texts: knowledge.Knowledge) -> None:
        self._index = opened
        self._source = {
            section.id: (section.language, frozenset(section.translations))
            for municipality in texts.municipalities
            for section in municipality.sections()
        }

    def ready(self, question: str) -> IndexQuestion:
        return IndexQuestion(self._index.query(question), self._source)


@dataclass(frozen=True)
class IndexQuestion:
    """A question as `bot.library.ReadyQuestion`."""

    query: index.Query
    source: Mapping[str, tuple[str, frozenset[str]]]
    """Of each section its source's language and those of its translations."""

    def sections(self, *, k: int, filters: Mapping[str, str] | None = None) -> list[Candidate]:
        where = {"role": index.SECTION, **(filters or {})}
        best, spread = self._background
        return [
            Candidate(hit.passage.group, hit.score, (hit.score - best) / spread, hit.dense, hit.lexical)
            for hit in self.query.search(k=k, where=where, weights=SECTION_WEIGHTS)
        ]

    def lines(self, section_id: str, language: str) -> list[float]:
        source, translations = self.source[section_id]
        shown = language if language in translations else source
        where = {"group": section_id, "language": shown, "view": "sentence"}
        hits = self.query.search(k=10_000, where=where, weights=None)
        return [hit.score for hit in sorted(hits, key=lambda hit: hit.passage.spans)]

    @cached_property
    def _background(self) -> tuple[float, float]:
        """How well the best of the questions that nothing answers match, and the spread of them all."""
        scores = self.query.scores({"role": BACKGROUND})
        weights = np.array(SECTION_WEIGHTS)
        best = np.sort(scores)[::-1][: len(weights)]
        return float(best @ weights / weights.sum()), float(scores.std())
