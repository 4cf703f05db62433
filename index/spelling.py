"""Brings a question's spelling nearer the usual one, which an encoder has read more of.

Missing å, ä and ö, words written as they are spoken, and slips of the finger: the bundled encoder places such
a question far from the same one written well.
"""

from __future__ import annotations

import gzip
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import distribution
from pathlib import Path

import msgpack
import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.words import fold

SPOKEN_FILE = Path(__file__).with_name("spoken.yaml")
# Not the parts of "e-post", "o.s.v.", "E4", "don't" and addresses, which mean something else by themselves.
_WORD = re.compile(r"(?<!\w)(?<!\w[-.:/@'’])[^\W\d_]+(?!\w|[-.:/@'’]\w)")
_SENTENCE_END = re.compile(r"[.!?\n]")
SHORTEST = 5
"""Letters of a word in which slips are mended; among shorter ones too many differ by a letter."""
LONG = 9
"""Letters from which a word may have two slips."""
MOST_SLIPS = 25
"""Unknown words of a question that are looked up: it may be long, and none of it known."""
LEAST_KNOWN = 0.3
"""Share of a question's words that a language must know for slips to be mended: else it is in another one."""
_OWN_COUNT = 1e-6
"""What each standing of a word in the index's own texts adds to its frequency."""
_UNSEEN = 1e-8
_BARE_ODDS = 0.3
"""How likely a word's marks are left out, against written."""
_SPOKEN_ODDS = 1000.0
"""How much a spoken form speaks for its language: it is unknown to the others."""


@dataclass(frozen=True)
class _Language:
    """The words of one language with their frequencies, as shares of all words."""

    frequencies: Mapping[str, float]
    marked: Mapping[str, str]
    """Folded form to the most frequent word with marks that folds so."""

    @classmethod
    def of(cls, name: str, texts: Iterable[str]) -> _Language:
        frequencies = load_frequencies(name)
        for word, count in Counter(_WORD.findall("\n".join(texts).casefold())).items():
            frequencies[word] = frequencies.get(word, 0.0) + count * _OWN_COUNT
        marked: dict[str, str] = {}
        for word in frequencies:
            if word.isascii():
                continue
            plain = fold(word)
            other = marked.get(plain)
            # Equal ones by the alphabet, so that every process chooses alike.
            if other is None or (-frequencies[word], word) < (-frequencies[other], other):
                marked[plain] = word
        return cls(frequencies, marked)

    def usual(self, word: str) -> str | None:
        """The most frequent word that folds as this one does; ``None``: there is none."""
        plain = fold(word)
        marked = self.marked.get(plain)
        if marked and self.frequencies[marked] > self.frequencies.get(plain, 0.0):
            return marked
        return plain if plain in self.frequencies else None

    def share(self, word: str) -> float:
        """The word's frequency; of an unknown one, what is left for it."""
        if word in self.frequencies:
            return self.frequencies[word]
        meant = self.usual(word)
        return max(self.frequencies[meant] * _BARE_ODDS, _UNSEEN) if meant else _UNSEEN

    def nearest(self, word: str) -> str | None:
        """The most frequent word with the fewest slips (optimal string alignment), same first letter."""
        slips = 2 if len(word) >= LONG else 1
        near = process.extract(
            word, self._by_letter.get(fold(word)[:1], ()), scorer=OSA.distance, score_cutoff=slips, limit=None
        )
        ranked = ((distance, -self.frequencies[found], found) for found, distance, _ in near)
        return min(ranked, default=(0, 0, None))[2]

    @cached_property
    def _by_letter(self) -> Mapping[str, Sequence[str]]:
        """The words long enough to be mended to, by their folded first letter."""
        words: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.frequencies:
            if len(word) >= SHORTEST and word.isalpha():
                words[word[0]].append(word)
        folded: defaultdict[str, list[str]] = defaultdict(list)
        for letter, own in words.items():
            folded[fold(letter)[:1]] += own
        return dict(folded)


@dataclass(frozen=True, slots=True)
class _Spoken:
    words: Mapping[str, str]
    after: Mapping[str, tuple[str, frozenset[str]]]
    """A form that is another word after some words: that word, and those."""

    def usual(self, word: str, before: str) -> str | None:
        other, follows = self.after.get(word, ("", frozenset()))
        return other if before in follows else self.words.get(word)


class Spelling:
    """May be used from several threads. The words are read when the first question comes."""

    def __init__(self, texts: Mapping[str, Sequence[str]]) -> None:
        """
        Args:
            texts: well-spelled texts by language, such as those of an index: their words are known, and
                weigh more the oftener they stand there.
        """
        self._texts = texts
        self._spoken = _load_spoken()

    def correct(self, question: str) -> str:
        """The question with the usual spelling of what is not spelled so, all else as it was."""
        # Some digits are word characters that are no decimals, such as "²".
        found = [token for token in _WORD.finditer(question) if token.group().isalpha()]
        words = [token.group().casefold() for token in found]
        name = self._language(words)
        if name is None:
            return question
        language, spoken = self._languages[name], self._spoken.get(name)
        bare = self._without_marks(name, words)
        slips = MOST_SLIPS if self._mostly_known(name, words) else 0
        pieces, end = [], 0
        for place, (token, word) in enumerate(zip(found, words, strict=True)):
            before = question[found[place - 1].end() : token.start()] if place else "\n"
            usual = spoken.usual(word, words[place - 1] if place else "") if spoken else None
            if usual is None and (bare or word not in language.frequencies):
                # Of a question without any mark even "for" and "far" may be "för" and "får".
                usual = language.usual(word)
            if usual is None and slips and self._mendable(token.group(), before):
                slips -= 1
                usual = language.nearest(word)
            if usual is not None and usual != word:
                pieces += [question[end : token.start()], usual]
                end = token.end()
        return "".join([*pieces, question[end:]])

    @cached_property
    def _languages(self) -> Mapping[str, _Language]:
        return {name: _Language.of(name, texts) for name, texts in self._texts.items()}

    def _language(self, words: Sequence[str]) -> str | None:
        """The language that the words are most likely in; ``None``: none knows any of them.

        By the words' frequencies, as a naive Bayes classifier would; a word that has its marks left out
        counts as a rarer one.
        """
        if not words:
            return None
        likelihoods = {
            name: sum(math.log(language.share(word)) for word in words)
            + sum(math.log(_SPOKEN_ODDS) for word in words if word in self._spoken_words(name))
            for name, language in self._languages.items()
        }
        best = max(likelihoods, key=lambda name: likelihoods[name], default=None)
        unknown = len(words) * math.log(_UNSEEN)
        return best if best and likelihoods[best] > unknown else None

    def _without_marks(self, name: str, words: Sequence[str]) -> bool:
        """Whether all marks were left out: there are none, and some word is one of the language by itself,
        or is none at all as it stands. "Bla bla" is neither."""
        language = self._languages[name]
        others = [other for other in self._languages if other != name]

        def tells(word: str) -> bool:
            usual = language.usual(word)
            share = language.share(word) if usual == word or word not in language.frequencies else 0.0
            return usual is not None and all(share > self._languages[other].share(word) for other in others)

        return "".join(words).isascii() and any(map(tells, words))

    def _mostly_known(self, name: str, words: Sequence[str]) -> bool:
        language, spoken = self._languages[name], self._spoken_words(name)
        known = sum(
            word in language.frequencies or word in spoken or language.usual(word) is not None
            for word in words
        )
        return known >= LEAST_KNOWN * len(words)

    def _mendable(self, written: str, before: str) -> bool:
        """Whether an unknown word may have slips: it is no word of another language, and no name.

        Args:
            before: what stands between it and the word before it.
        """
        word = written.casefold()
        if len(word) < SHORTEST or any(word in one.frequencies for one in self._languages.values()):
            return False
        capitalised = written[0].isupper() and written[1:].islower()
        return not capitalised or bool(_SENTENCE_END.search(before))

    def _spoken_words(self, language: str) -> Mapping[str, str]:
        spoken = self._spoken.get(language)
        return spoken.words if spoken else {}


def load_frequencies(language: str) -> dict[str, float]:
    """The most frequent words of a language, some 30,000, with their shares of all; none if it has none.

    By ``wordfreq`` (Speer 2022), whose data are read without it: to import it costs 75 ms and 11 MB, for
    the tokenizers of other languages. They are lists of words, each list a centibel rarer than the one
    before; see its ``read_cBpack``.
    """
    file = Path(str(distribution("wordfreq").locate_file(f"wordfreq/data/small_{language}.msgpack.gz")))
    if not file.is_file():
        return {}
    _, *ranks = msgpack.unpackb(gzip.decompress(file.read_bytes()))
    frequencies: dict[str, float] = {}
    for rank, words in enumerate(ranks):
        frequencies.update(dict.fromkeys(words, 10 ** (-rank / 100)))
    return frequencies


def _load_spoken() -> Mapping[str, _Spoken]:
    data = yaml.load(SPOKEN_FILE.read_text("utf-8"), yaml.CBaseLoader)
    return {
        language: _Spoken(
            forms["words"],
            {form: (one["to"], frozenset(one["words"])) for form, one in forms.get("after", {}).items()},
        )
        for language, forms in data.items()
    }
