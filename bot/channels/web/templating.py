"""Pages from Jinja templates; every sentence in them comes from ``bot/texts``."""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.texts import LANGUAGES, load_texts

DIRECTORY = Path(__file__).parent
TEMPLATES = DIRECTORY / "templates"
STATIC = DIRECTORY / "static"

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    # A template that an upgrade puts in place does not fit the program that still runs.
    auto_reload=False,
)


def load_templates() -> None:
    """Read them all, so that the program shows those that it was started with."""
    for name in _environment.list_templates():
        _environment.get_template(name)


def render(
    name: str,
    language: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: object,
) -> HTMLResponse:
    """The template ``name`` with ``texts``, ``lang``, ``other_language`` and the values."""
    html = _environment.get_template(name).render(
        texts=load_texts(language),
        lang=language,
        other_language=next(one for one in LANGUAGES if one != language),
        **values,
    )
    return HTMLResponse(html, status, headers)
