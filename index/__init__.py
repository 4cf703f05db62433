"""Search over passages: dense, lexical, fused, and kept on disk. A library without municipalities or chat."""

from index.affinity import NOTHING, Rivals
from index.centering import Centering
from index.encoders import BUNDLED, Encoder, EncoderError, load_encoder
from index.passages import SECTION, Passage, chunks, question_passages, section_passages
from index.search import Hit, Index, Query, encode_passages
from index.spelling import Spelling
from index.store import IndexDamaged, IndexMissing, IndexStale, StoreError, content_hash
from index.vectors import VectorCache
from index.words import fold, words

__all__ = [
    "BUNDLED",
    "Centering",
    "Encoder",
    "EncoderError",
    "Hit",
    "Index",
    "IndexDamaged",
    "IndexMissing",
    "IndexStale",
    "NOTHING",
    "Passage",
    "SECTION",
    "Query",
    "Rivals",
    "Spelling",
    "StoreError",
    "VectorCache",
    "chunks",
    "content_hash",
    "encode_passages",
    "fold",
    "load_encoder",
    "question_passages",
    "section_passages",
    "words",
]
