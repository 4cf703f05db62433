"""The one place where the layers meet: goal texts and index become what the assistant asks for."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

import index
import knowledge
from bot.answer import Contact, Document, MunicipalityGoals, SectionSummary
from bot.assistant import Assistant, Clock
from bot.confidence import Confidence
from bot.library import (
    Adoption,
    Candidate,
    Decision,
    LibraryNote,
    LibrarySection,
    Line,
    Period,
    SectionStatus,
    Signals,
)
from bot.local_time import local_time
from bot.obstacles import AssemblyError, Obstacle, fault_obstacles
from bot.question import SENTENCE_END, SHORTEST_SENTENCE
from bot.recognition import Phrases
from bot.settings import Settings, SettingsError

SECTION_WEIGHTS = (10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0)
"""A section scores by its ten best views; docs/quality.md compares fewer and more."""
BACKGROUND, DISTRESS, CALM = "background", "distress", "calm"
MOVE, NEW_SUBJECT = "move", "new_subject"
"""Roles of views that are no section's: what nothing here answers; what people in distress write, and what
only sounds like it; what is asked of the answer before, and what only looks like it."""
LIKENESS_WEIGHTS = (3.0, 2.0, 1.0)
MUNICIPALITY = "municipality"
"""The attribute that tells whose section a view is of."""
AFFINITY_WEIGHT = 0.15
"""What it is worth in fused score that a question surely belongs to a section."""

_THOUSANDS = re.compile(r"(?<!\d)(\d{2,3})(\d{3})(?!\d)")
"""Thousands written together; the texts write them apart, "40 000"."""
ENDING = 2
"""Sentences at the end of a longer message that are searched by themselves, too: docs/quality.md has the
figures."""
REMEMBERED = 32
"""Questions that are kept encoded; those of one turn, and of as many people as ask at once."""

Progress = Callable[[int, int], None]


def _today_in_sweden() -> dt.date:
    return local_time(dt.datetime.now(dt.UTC)).date()


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
        IndexSearcher(opened, texts, Phrases.load(index.words)),
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


def passages_of(texts: knowledge.Knowledge) -> list[index.Passage]:
    """All that is indexed: the views of all sections, and what no section answers."""
    passages = [
        passage
        for municipality in texts.municipalities
        for passage in index.section_passages(municipality, texts.themes)
    ]
    passages += index.question_passages(knowledge.load_background(), BACKGROUND, group=BACKGROUND)
    for theme in texts.themes.values():
        passages += index.question_passages(theme.errands, BACKGROUND, group=f"errands/{theme.id}")
    distress = knowledge.load_distress()
    passages += index.question_passages(distress.questions, DISTRESS, group=DISTRESS)
    passages += index.question_passages(distress.others, CALM, group=CALM)
    follow_ups = knowledge.load_follow_ups()
    for move, lines in follow_ups.moves.items():
        passages += index.question_passages(lines, MOVE, group=f"{MOVE}/{move}")
    passages += index.question_passages(follow_ups.others, NEW_SUBJECT, group=NEW_SUBJECT)
    return passages


def rivals_among(passages: Sequence[index.Passage]) -> dict[str, index.Rivals]:
    """The sections of each municipality; what is asked of the answer before; what people in distress write.

    Each beside what only looks like it.
    """
    groups: dict[str, set[str]] = {}
    for one in passages:
        role = one.attributes["role"]
        name = one.attributes[MUNICIPALITY] if role == index.SECTION else role
        groups.setdefault(name, set()).add(one.group)
    every = frozenset().union(*groups.values())
    banks = {MOVE: NEW_SUBJECT, DISTRESS: CALM}
    rivals = {
        name: index.Rivals(frozenset(own), frozenset(groups[BACKGROUND]))
        for name, own in groups.items()
        if name not in (BACKGROUND, *banks.keys(), *banks.values())
    }
    for name, looks_like in banks.items():
        own, near = frozenset(groups[name]), frozenset(groups[looks_like])
        rivals[name] = index.Rivals(own, near, every)
    return rivals


def _open_index(settings: Settings, texts: knowledge.Knowledge, progress: Progress | None) -> index.Index:
    """The index in the data directory, built anew where it is missing, damaged or of other texts.

    Of several processes that start at once one builds, and the others read what it built.
    """
    passages = passages_of(texts)
    encoder = load_encoder(settings)
    rivals = rivals_among(passages)
    directory = settings.data_dir / "index"
    current = _read(directory, encoder, passages, rivals)
    if current:
        return current
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.data_dir / "index.lock"):
        current = _read(directory, encoder, passages, rivals)
        if current:
            return current
        cache = index.VectorCache(settings.data_dir / "vectors.npz")
        built = index.Index.build(passages, encoder, rivals=rivals, cache=cache, progress=progress)
        built.save(directory)
        cache.save()
        return built


def _read(
    directory: Path,
    encoder: index.Encoder,
    passages: Sequence[index.Passage],
    rivals: Mapping[str, index.Rivals],
) -> index.Index | None:
    try:
        return index.Index.open(directory, encoder, passages, rivals)
    except index.StoreError:
        return None


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

        self.documents = tuple(
            _document(municipality, document)
            for municipality in texts.municipalities
            for document in municipality.documents
        )

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

    def adoptions(self, section_id: str) -> Sequence[Adoption]:
        section = self._texts.section(section_id)
        municipality = self._texts.municipality(section_id.partition("/")[0])
        own = municipality.document(section.document)
        later = (document for document in municipality.documents if section_id in document.continues)
        return [
            Adoption(own.title, _decision(own), _period(section.valid)),
            *(Adoption(one.title, _decision(one), _period(one.valid)) for one in later),
        ]


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
        document=_document(municipality, document),
        decision=_decision(document),
    )


def _decision(document: knowledge.Document) -> Decision | None:
    decided = document.decided
    return Decision(decided.by, decided.date, decided.paragraph) if decided else None


def _document(municipality: knowledge.Municipality, document: knowledge.Document) -> Document:
    own = (section.id for section in document.sections)
    return Document(
        f"{municipality.id}/{document.id}",
        municipality.id,
        document.title,
        document.url,
        (*own, *document.continues),
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

    def __init__(self, opened: index.Index, texts: knowledge.Knowledge, phrases: Phrases) -> None:
        self._index = opened
        self._phrases = phrases
        self._spelling = index.Spelling(
            {
                language: [passage.searched for passage in opened.passages if passage.language == language]
                for language in knowledge.LANGUAGES
            }
        )
        self._source = {
            section.id: (section.language, frozenset(section.translations))
            for municipality in texts.municipalities
            for section in municipality.sections()
        }

        self._moves = tuple(
            dict.fromkeys(
                passage.group.removeprefix(f"{MOVE}/")
                for passage in opened.passages
                if passage.attributes.get("role") == MOVE
            )
        )
        # A turn may look at its question several times.
        self.ready = lru_cache(maxsize=REMEMBERED)(self._ready)

    def _ready(self, question: str) -> IndexQuestion:
        spelled = _THOUSANDS.sub(r"\1 \2", self._spelling.correct(question))
        sentences = [one for one in SENTENCE_END.split(spelled) if len(one.split()) >= SHORTEST_SENTENCE]
        end = self._question(" ".join(sentences[-ENDING:])) if len(sentences) > ENDING else None
        return self._question(spelled, end)

    def _question(self, spelled: str, end: IndexQuestion | None = None) -> IndexQuestion:
        words = index.words(spelled)
        concrete = self._phrases.contains("concrete", words)
        return IndexQuestion(self._index.query(spelled), self._source, len(words), concrete, self._moves, end)


@dataclass(frozen=True)
class IndexQuestion:
    """A question as `bot.library.ReadyQuestion`."""

    query: index.Query
    source: Mapping[str, tuple[str, frozenset[str]]]
    """Of each section its source's language and those of its translations."""
    words: int
    """How many words it has."""
    concrete: bool
    """Whether it asks for a number, time, place, name or price."""
    moves: Sequence[str]
    """Ids of the moves in a conversation that it may be like."""
    end: IndexQuestion | None
    """The last sentences of a longer message, where what is asked mostly stands; ``None``: it is short."""

    @property
    def text(self) -> str:
        return self.query.text

    def sections(self, *, k: int, filters: Mapping[str, str] | None = None) -> list[Candidate]:
        wanted = filters or {}
        fitting = (
            hit
            for hit in self._hits
            if all(_value(hit.passage, name) == value for name, value in wanted.items())
        )
        return [self._candidate(hit) for hit in islice(fitting, k)]

    def lines(self, section_id: str, language: str) -> list[float]:
        source, translations = self.source[section_id]
        shown = language if language in translations else source
        where = {"group": section_id, "language": shown, "view": "sentence"}
        return [float(score) for score in self.query.scores(where)]

    def _candidate(self, hit: index.Hit) -> Candidate:
        section, municipality = hit.passage.group, hit.passage.attributes[MUNICIPALITY]
        others = (
            other.score
            for other in self._hits
            if other is not hit and other.passage.attributes[MUNICIPALITY] == municipality
        )
        asking = self.end or self
        signals = Signals(
            score=hit.score,
            background=asking._background,
            lead=hit.score - next(others, 0.0),
            matched=self.query.matched({"group": section}),
            affinity=self._affinities[municipality][section],
            unrelated=asking._affinities[municipality].get(index.NOTHING, 0.0),
            length=math.log1p(self.words),
            concrete=float(asking.concrete),
        )
        return Candidate(section, hit.score, hit.dense, hit.lexical, signals)

    @cached_property
    def _hits(self) -> list[index.Hit]:
        """All sections, best first: by their best views and by their affinity; what tells a story is as much
        worth as what ends it."""
        found = self.query.search(k=len(self.source), where={"role": index.SECTION}, weights=SECTION_WEIGHTS)
        hits = [replace(hit, score=hit.score + AFFINITY_WEIGHT * self._affinity(hit)) for hit in found]
        if self.end:
            ends = {hit.passage.group: hit.score for hit in self.end._hits}
            hits = [replace(hit, score=(hit.score + ends[hit.passage.group]) / 2) for hit in hits]
        return sorted(hits, key=lambda hit: -hit.score)

    def _affinity(self, hit: index.Hit) -> float:
        return self._affinities[hit.passage.attributes[MUNICIPALITY]][hit.passage.group]

    @cached_property
    def _affinities(self) -> Mapping[str, Mapping[str, float]]:
        """How much the question belongs to each section, by municipality."""
        municipalities = dict.fromkeys(section.partition("/")[0] for section in self.source)
        return {municipality: self.query.affinities(municipality) for municipality in municipalities}

    @cached_property
    def _background(self) -> float:
        """How well the best of the questions that nothing answers match."""
        return _mean_of_best(self.query.scores({"role": BACKGROUND}), SECTION_WEIGHTS)

    @property
    def distress(self) -> float:
        return self.query.affinities(DISTRESS)[DISTRESS]

    @property
    def distress_lead(self) -> float:
        others = self._best_of(index.SECTION, BACKGROUND, CALM, MOVE, NEW_SUBJECT)
        return self._best_of(DISTRESS) - others

    def _best_of(self, *roles: str) -> float:
        """How well the best views of these roles match."""
        scores = np.concatenate([self.query.scores({"role": role}) for role in roles])
        return _mean_of_best(scores, LIKENESS_WEIGHTS)

    @cached_property
    def move(self) -> tuple[str, float]:
        found = self.query.affinities(MOVE)
        best = max(self.moves, key=lambda move: found[f"{MOVE}/{move}"])
        return best, found[f"{MOVE}/{best}"] - found[index.NOTHING]


def _mean_of_best(scores: NDArray[np.float32], weights: Sequence[float]) -> float:
    """The weighted mean of the best scores, of shape (n,); of all where they are fewer than the weights; 0 of
    none."""
    most = min(len(weights), len(scores))
    best = np.sort(np.partition(scores, -most)[-most:])[::-1] if most else scores
    return float(np.average(best, weights=weights[: len(best)])) if best.size else 0.0


def _value(passage: index.Passage, name: str) -> str | None:
    return passage.group if name == "group" else passage.attributes.get(name)
