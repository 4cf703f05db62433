"""Holds a file's data against its format; each fault gets its line."""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from knowledge.faults import Fault
from knowledge.schema import Entry
from knowledge.source import At, Source, sample

E = TypeVar("E", bound=Entry)

# What pydantic calls a fault of type, and what it is called here.
_TYPES = {
    "string_type": "not_text",
    "list_type": "not_list",
    "dict_type": "not_mapping",
    "model_type": "not_mapping",
}


def read_entry(model: type[E], source: Source, at: At) -> tuple[E | None, list[Fault]]:
    """Read the value at a place; nothing where it does not hold, unless unknown keys are the only fault."""
    value = source.value(at)
    try:
        return model.model_validate(value), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    faults = [_fault(model, source, at, one) for one in errors]
    if all(one["type"] == "extra_forbidden" for one in errors):
        # The rest is read, so that its faults are reported at the same time.
        return model.model_validate(value, extra="ignore"), faults
    # "name:" with nothing after it is already reported as empty.
    return None, [fault for fault, one in zip(faults, errors, strict=True) if one["input"] is not None]


def _fault(model: type[Entry], source: Source, at: At, error: ErrorDetails) -> Fault:
    within = tuple(step for step in error["loc"] if step != "[key]")
    place = (*at, *within)
    code = error["type"]
    if code == "extra_forbidden":
        expected = ", ".join(_keys(model, within[:-1]))
        return source.fault(
            "unknown_key", place, key=str(place[-1]), where=source.where(place[:-1]), expected=expected
        )
    if code == "missing":
        return source.fault("missing_key", place[:-1], key=str(place[-1]), where=source.where(place[:-1]))
    where = source.where(place)
    if code in _TYPES:
        return source.fault(_TYPES[code], place, where=where, found=sample(error["input"]))
    return source.fault(code, place, where=where, **error.get("ctx", {}))


def _keys(model: type[Entry], within: At) -> list[str]:
    """The keys that the mapping at a place inside the model may have."""
    for step in within:
        for name, field in model.model_fields.items():
            if step == _key(name, field):
                model = _entry_in(field.annotation) or model
    return [_key(name, field) for name, field in model.model_fields.items()]


def _key(name: str, field: FieldInfo) -> str:
    return field.alias or name


def _entry_in(annotation: Any) -> type[Entry] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next((entry for part in get_args(annotation) if (entry := _entry_in(part))), None)
