"""The goal texts of the municipalities: their values, and the code that reads and checks their files."""

from knowledge.faults import CODES, Fault, KnowledgeError
from knowledge.load import (
    BACKGROUND_FILE,
    GOALS_DIRECTORY,
    PLACES_FILE,
    load_background,
    load_knowledge,
    load_places,
)
from knowledge.model import (
    LANGUAGES,
    Contact,
    Decision,
    Document,
    Kind,
    Knowledge,
    Municipality,
    Note,
    Places,
    Section,
    Speaker,
    Translation,
    Validity,
)
from knowledge.sentences import Span, is_list_line, paragraphs, sentences, sentences_by_paragraph
from knowledge.validity import State, Status, status

__all__ = [
    "BACKGROUND_FILE",
    "CODES",
    "GOALS_DIRECTORY",
    "LANGUAGES",
    "PLACES_FILE",
    "Contact",
    "Decision",
    "Document",
    "Fault",
    "Kind",
    "Knowledge",
    "KnowledgeError",
    "Municipality",
    "Note",
    "Places",
    "Section",
    "Span",
    "Speaker",
    "State",
    "Status",
    "Translation",
    "Validity",
    "is_list_line",
    "load_background",
    "load_knowledge",
    "load_places",
    "paragraphs",
    "sentences",
    "sentences_by_paragraph",
    "status",
]
