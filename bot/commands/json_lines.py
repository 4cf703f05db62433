"""JSON from standard input and to standard output, a value a line."""

from __future__ import annotations

import json
import sys
from typing import NoReturn


def read_json(line: bytes) -> object:
    """The value of a line in UTF-8. Raises ``ValueError``, of which ``UnicodeDecodeError`` is one kind."""
    text = line.decode("utf-8-sig")
    try:
        return json.loads(text, parse_constant=_refuse)
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


def _refuse(name: str) -> NoReturn:
    # Python reads and writes NaN and Infinity; no other program does.
    raise ValueError(f"{name} is not JSON")
