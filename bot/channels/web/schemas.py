"""What the web API takes and gives, as it stands in the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from bot.answer import AnswerKind, Reason, State

Language = Literal["sv", "en"]

_NAME_LENGTH = 200
_NULL: JsonValue = {"type": "null"}


def _without_halves(value: object) -> object:
    """A text without half characters: a field cut off in the middle of an emoji sends one."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_without_halves)]
Name = Annotated[str, BeforeValidator(_without_halves), Field(max_length=_NAME_LENGTH)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AskedChoice(_Request):
    """A choice or a suggestion of the answer before, sent back as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"required": ["section"], "properties": {"section": {"type": "string"}}},
                {"required": ["municipality"], "properties": {"municipality": {"type": "string"}}},
            ]
        }
    )

    municipality: Name | None = Field(None, description="Asks the conversation's question about it.")
    section: Name | None = Field(None, description="Shows this section whole; goes before `municipality`.")
    label: Words | None = Field(None, description="Ignored.")
    title: Words | None = Field(None, description="Ignored.")

    @model_validator(mode="after")
    def _names_something(self) -> AskedChoice:
        if self.municipality is None and self.section is None:
            raise PydanticCustomError("one_choice", "needs a section or a municipality")
        return self


class AskRequest(_Request):
    """A question or a choice: exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["question"], "properties": {"question": {"type": "string"}, "choice": _NULL}},
                {"required": ["choice"], "properties": {"choice": {"type": "object"}, "question": _NULL}},
            ]
        }
    )

    question: Words | None = Field(
        None,
        description="As the person wrote it. Over 1,000 characters are answered with `too_long`.",
    )
    choice: AskedChoice | None = None
    municipality: Name | None = Field(
        None,
        description="Id or name of the municipality that is meant where neither question nor conversation"
        " names another.",
        examples=["varnamo"],
    )
    language: Language | None = Field(
        None, description="The person's own choice. Without it the answer follows the question."
    )
    conversation: Words | None = Field(
        None,
        description="The token of the answer before. One that is expired or not ours begins anew.",
    )

    @model_validator(mode="after")
    def _asks_one_thing(self) -> AskRequest:
        if (self.question is None) == (self.choice is None):
            raise PydanticCustomError("one_question", "needs a question or a choice")
        return self


class _Response(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SentenceOut(_Response):
    text: str = Field(description="As shown, in the answer's language.")
    original: str | None = Field(description="The source's own sentence, where `text` is a translation.")
    speaker: str | None = Field(description="Name and role of the person whose words it is.")
    paragraph: int = Field(description="Number of its paragraph in the section, from 0.")
    item: bool = Field(description="Whether it is a line of a list.")
    gap: bool = Field(description="Whether sentences before it are left out; shown as […].")


class NoteOut(_Response):
    text: str = Field(description="Målvakt's own words about the section; never show it as a quotation.")
    document: str = Field(description="Title of the document that the note relies on.")
    url: str


class PartOut(_Response):
    section: str = Field(examples=["varnamo/gron"])
    title: str
    sentences: list[SentenceOut] = Field(description="In reading order.")
    notes: list[NoteOut]
    lead: str | None = Field(description="What the source says under the title.")
    lead_original: str | None = Field(description="The source's own lead, where `lead` is a translation.")
    whole: bool = Field(description="Whether the sentences are all that the section has.")
    gap: bool = Field(description="Whether sentences after the last one are left out; shown as […].")


class CitationOut(_Response):
    section: str
    title: str
    document: str = Field(description="Title of the document.")
    url: str
    valid: str | None = Field(description="A sentence on when the words apply.")


class ChoiceOut(_Response):
    label: str
    municipality: str | None
    section: str | None


class SuggestionOut(_Response):
    section: str
    title: str


class ContactOut(_Response):
    name: str
    url: str
    phone: str | None
    email: str | None


class AskResponse(_Response):
    """An answer. Fields that its kind has no use for are empty."""

    kind: AnswerKind
    language: Language
    text: str = Field(description="The whole reply as a person would read it, complete alone.")
    reason: Reason | None = Field(description="Why nothing was answered.")
    municipalities: list[str] = Field(description="Ids of the municipalities that the answer is about.")
    message: str = Field(description="The assistant's own words, before the parts.")
    parts: list[PartOut] = Field(description="What is shown, one for each section.")
    quotes: list[str] = Field(description="The sentences in the source's own language, letter for letter.")
    citations: list[CitationOut] = Field(description="Where the words come from.")
    choices: list[ChoiceOut] = Field(description="Ways to go on; send one back as `choice`.")
    suggestions: list[SuggestionOut] = Field(description="Sections to read; send one back as `choice`.")
    notices: list[str] = Field(description="What must be read before the parts.")
    contact: ContactOut | None = Field(description="Where a person answers.")
    confidence: float | None = Field(description="Probability, 0 to 1, that the best section answers.")
    conversation: str = Field(description="Send it with the next question. Good for an hour.")


class MunicipalityOut(_Response):
    id: str
    name: str
    website: str
    contact: ContactOut


class Municipalities(_Response):
    municipalities: list[MunicipalityOut]


class SectionSummaryOut(_Response):
    id: str = Field(examples=["varnamo/gron"])
    municipality: str
    kind: str = Field(description="goal, vision, overview, success_factors, background or contact.")
    title: str
    lead: str | None


class Goals(_Response):
    language: Language
    goals: list[SectionSummaryOut]


class SectionOut(SectionSummaryOut):
    """A whole section."""

    language: Language
    sentences: list[SentenceOut]
    notes: list[NoteOut]
    citation: CitationOut
    state: State = Field(description="Whether the words apply today.")
    decided: str | None = Field(description="A sentence on who decided the document, and when.")
    notices: list[str]
    related: list[SuggestionOut]
    previous: SuggestionOut | None = Field(description="The section before it in its document.")
    next: SuggestionOut | None = Field(description="The section after it in its document.")


class FieldFault(_Response):
    field: str = Field(description="Path of the field, with dots; empty: the body as a whole.")
    detail: str


class ProblemDetails(_Response):
    """A problem, RFC 9457, in the caller's language."""

    type: str = Field(description="Names the kind of problem; leads to its description.")
    title: str
    status: int
    detail: str
    errors: list[FieldFault] | None = Field(None, description="What is wrong with single fields.")


class Readiness(_Response):
    """Each part `true` where it works."""

    ready: bool
    index: bool
    encoder: bool
    database: bool
    stopping: bool = Field(description="The service has been told to end.")


class Health(_Response):
    status: Literal["alive"]
