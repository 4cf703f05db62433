"""What a caller wishes to receive: language and media type."""

from __future__ import annotations

from fastapi import Request

from bot.texts import LANGUAGES


def page_language(request: Request, default: str) -> str:
    """The language of ``?lang=``, else the first of Accept-Language that Målvakt speaks, else the default."""
    accepted = _weighted(request.headers.get("accept-language", ""))
    # 0 means "not this one"; a weight that is no number is not above it either.
    wished = sorted((pair for pair in accepted if pair[1] > 0), key=lambda pair: -pair[1])
    tags = [request.query_params.get("lang", ""), *(tag.split("-")[0] for tag, _ in wished)]
    return next((tag for tag in tags if tag in LANGUAGES), default)


def caller_language(request: Request, default: str) -> str:
    """The language that the body names, else ``?language=``, else what a page would be in."""
    named = (getattr(request.state, "language", None), request.query_params.get("language"))
    return next((one for one in named if one in LANGUAGES), None) or page_language(request, default)


def prefers_html(request: Request) -> bool:
    """Whether ``Accept`` puts a page above JSON, as browsers do."""
    accepted = _weighted(request.headers.get("accept", ""))
    return _weight(accepted, "text", "html") > _weight(accepted, "application", "json")


def _weight(accepted: list[tuple[str, float]], kind: str, subtype: str) -> float:
    """The weight that ``Accept`` gives a media type, by its most exact match; 0: not named."""
    weights = dict(reversed(accepted))
    ranges = (f"{kind}/{subtype}", f"{kind}/*", "*/*")
    return next((weights[one] for one in ranges if one in weights), 0.0)


def _weighted(header: str) -> list[tuple[str, float]]:
    """The values of a header like ``Accept`` in small letters, each with its weight (``q``), in their order.

    A value whose weight cannot be read is left out.
    """
    found = []
    for part in header.split(","):
        value, *parameters = (piece.strip().casefold() for piece in part.split(";"))
        weight = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        try:
            found.append((value, float(weight)))
        except ValueError:
            continue
    return found
