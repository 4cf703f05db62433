"""JSON from standard input and to standard output, a value a line."""

from __future__ import annotations

import json
import math
import sys
from typing import Any, NoReturn


class BadLine(Exception):
    """A line that cannot be used: ``code`` names a text, ``identity`` is the line's id where it is known."""

    def __init__(self, code: str, detail: str = "", identity: object = None) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.identity = identity


def read_object(line: bytes, text_key: str) -> dict[str, Any]:
    """The JSON object of a line in UTF-8, with an id and a text under the key. Raises ``BadLine``."""
    try:
        entry = read_json(line)
    except UnicodeDecodeError:
        raise BadLine("not_utf8") from None
    except ValueError:
        raise BadLine("not_json") from None
    if not isinstance(entry, dict):
        raise BadLine("not_object")
    if "id" not in entry or not isinstance(entry.get(text_key), str):
        raise BadLine("missing", identity=entry.get("id"))
    return entry


def read_json(line: bytes) -> object:
    """The value of a line in UTF-8. Raises ``ValueError``, of which ``UnicodeDecodeError`` is one kind."""
    text = line.decode("utf-8-sig")
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deep") from None


def print_json(value: object) -> None:
    """Print a value at once: a program that writes a line may wait for the answer before the next."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        # JSON is UTF-8; where the output is not, and for half an emoji in an id, escapes say the same.
        text.encode("utf-8" if sys.stdout.encoding.casefold().replace("-", "") == "utf8" else "ascii")
    except UnicodeEncodeError:
        text = json.dumps(value)
    print(text, flush=True)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)


def _refuse(name: str) -> NoReturn:
    # Python reads and writes NaN and Infinity; no other program does.
    raise ValueError(f"{name} is not JSON")
