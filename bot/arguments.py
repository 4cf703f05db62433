"""The arguments of the command line: their types, and a parser that speaks the language of the texts."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

from bot.texts import Texts

USAGE_ERROR = 2
"""The exit status of wrong usage."""
_NAME = r"argument (?P<name>\S+): "
_VALUE = r"""['"](?P<value>.*)['"]"""
_MESSAGES = {
    key: re.compile(pattern, re.DOTALL)
    for key, pattern in {
        "choice": rf"{_NAME}invalid choice: {_VALUE} \(choose from (?P<choices>.*)\)",
        "positive_number": rf"{_NAME}invalid positive_number value: {_VALUE}",
        "port_number": rf"{_NAME}invalid port_number value: {_VALUE}",
        "no_value": rf"{_NAME}expected one argument",
        "value": rf"{_NAME}ignored explicit argument {_VALUE}",
        "together": rf"{_NAME}not allowed with argument (?P<other>\S+)",
        "required": r"the following arguments are required: (?P<names>.*)",
        "unrecognized": r"unrecognized arguments: (?P<names>.*)",
        "ambiguous": r"ambiguous option: (?P<name>\S+) could match (?P<names>.*)",
    }.items()
}
"""What argparse says, by the text that says it; argparse knows English alone."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose own words are in the language of the texts."""

    def __init__(self, *, texts: Texts, **options: Any) -> None:
        super().__init__(add_help=False, **options)
        self._texts = texts
        self._positionals.title = texts("cli.usage.positionals")
        self._optionals.title = texts("cli.usage.options")
        self.add_argument("-h", "--help", action="help", help=texts("cli.usage.help"))
        # Before and after the command; what is not given must not hide what was given before.
        help = texts("cli.config")
        self.add_argument("--config", type=Path, metavar="FILE", default=argparse.SUPPRESS, help=help)

    def format_usage(self) -> str:
        return self._in_language(super().format_usage())

    def format_help(self) -> str:
        return self._in_language(super().format_help())

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        found, left = super().parse_known_args(args, namespace)
        if left:
            # Said here, where the usage is that of the command that was given.
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return found, left

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        detail = self._translated(message)
        self.exit(USAGE_ERROR, f"{self.prog}: {self._texts('cli.usage.error', detail=detail)}\n")

    def _translated(self, message: str) -> str:
        """What argparse says in English; as it is where it says something that nothing here can cause."""
        for key, pattern in _MESSAGES.items():
            if found := pattern.fullmatch(message):
                values = found.groupdict()
                if "choices" in values:
                    values["choices"] = values["choices"].replace("'", "")
                return self._texts(f"cli.usage.{key}", command=self.prog, **values)
        return message

    def _in_language(self, text: str) -> str:
        return f"{self._texts('cli.usage.prefix')}: {text.removeprefix('usage: ')}"


def positive_number(text: str) -> int:
    """A type for arguments; argparse says its name where it raises."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def written_text(text: str) -> str:
    """A type for arguments: what is written in a locale of ASCII is UTF-8 all the same."""
    try:
        return os.fsencode(text).decode()
    except UnicodeError:
        return text


def port_number(text: str) -> int:
    """A type for arguments."""
    number = positive_number(text)
    if number > 65535:
        raise ValueError(text)
    return number
