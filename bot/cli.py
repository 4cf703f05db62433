"""The command ``malvakt``. Only what the chosen command uses is imported."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bot.arguments import USAGE_ERROR, Parser, port_number, positive_number, written_text
from bot.obstacles import AssemblyError, OutsideError
from bot.roles import ROLES
from bot.settings import Settings, SettingsError, load_settings
from bot.texts import LANGUAGES, Texts, load_texts

_ASCII = ("ascii", "us-ascii", "ansi_x3.4-1968", "646")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 where something was found wrong, 2 for wrong usage."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # A terminal that cannot show or send a letter gets a question mark instead of a traceback.
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
            # Nobody has chosen an ASCII locale, as in a bare container: what reads there reads UTF-8.
            if stream.encoding.lower() in _ASCII and "PYTHONIOENCODING" not in os.environ:
                stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    # Read before the arguments: the help is in the language of the settings where they can be read.
    given = list(sys.argv[1:] if arguments is None else arguments)
    settings: Settings | SettingsError
    try:
        settings = load_settings(_config(given))
    except SettingsError as error:
        settings = error
    texts = load_texts(settings.default_language if isinstance(settings, Settings) else _wished_language())
    options = _parser(texts).parse_args(given)
    if isinstance(settings, SettingsError):
        return _fail(texts(f"settings_error.{settings.code}", name=settings.name, detail=settings.detail))
    _log(settings)
    try:
        status = _run(options, settings, texts)
        # Here, where a reader that has gone is met; the interpreter's own flush would complain.
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has gone, as after `| head`; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SettingsError as error:
        return _fail(texts(f"settings_error.{error.code}", name=error.name, detail=error.detail))
    except FileNotFoundError as error:
        return _fail(texts("cli.no_file", path=error.filename or ""))
    except OSError as error:
        return _fail(texts("cli.os_error", path=error.filename or "", reason=error.strerror or str(error)))


def _run(options: argparse.Namespace, settings: Settings, texts: Texts) -> int:
    command = importlib.import_module(f"bot.commands.{options.module}")
    if options.module == "settings":
        return int(command.run(options, settings, texts))
    try:
        return int(command.run(options, settings, texts))
    except AssemblyError as error:
        for one in error.obstacles:
            print(f"{one.place}: " * bool(one.place) + texts(one.key, **one.values), file=sys.stderr)
        return 1
    except OutsideError as error:
        return _fail(texts(error.key, detail=error.detail))


def _wished_language() -> str:
    """Where the settings cannot be read as a whole."""
    wished = os.environ.get("MALVAKT_DEFAULT_LANGUAGE", "")
    return wished if wished in LANGUAGES else LANGUAGES[0]


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return USAGE_ERROR


def _config(arguments: Sequence[str]) -> Path | None:
    early = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    early.add_argument("--config", type=Path)
    with contextlib.suppress(argparse.ArgumentError):
        path: Path | None = early.parse_known_args(arguments)[0].config
        return path
    return None


def _log(settings: Settings) -> None:
    import logging

    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # httpx logs addresses at INFO, and the address of a Telegram call holds the token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


def _parser(texts: Texts) -> argparse.ArgumentParser:
    parser = Parser(texts=texts, prog="malvakt", description=texts("cli.description"))
    shown = f"malvakt {version('malvakt')}"
    parser.add_argument("--version", action="version", version=shown, help=texts("cli.usage.version"))
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str) -> argparse.ArgumentParser:
        purpose = texts(f"cli.{name}.help")
        added = commands.add_parser(name, texts=texts, help=purpose, description=purpose)
        added.set_defaults(module=name)
        return added

    for name in ("run", "web"):
        serving = command(name)
        serving.add_argument("--host", metavar="H", help=texts("cli.web.host"))
        serving.add_argument("--port", type=port_number, metavar="P", help=texts("cli.web.port"))
        if name == "run":
            serving.add_argument("--webhook", action="store_true", help=texts("cli.telegram.webhook"))

    chat = command("chat")
    chat.add_argument("--municipality", metavar="NAME", help=texts("cli.chat.municipality"))
    chat.add_argument("--language", choices=LANGUAGES, help=texts("cli.chat.language"))

    ask = command("ask")
    ask.add_argument("question", nargs="?", type=written_text, help=texts("cli.ask.question"))
    ask.add_argument("--municipality", metavar="NAME", help=texts("cli.ask.municipality"))
    ask.add_argument("--language", choices=LANGUAGES, help=texts("cli.ask.language"))
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=texts("cli.ask.json"))
    form.add_argument("--jsonl", action="store_true", help=texts("cli.ask.jsonl"))

    search = command("search")
    search.add_argument("question", nargs="?", type=written_text, help=texts("cli.search.question"))
    search.add_argument("--jsonl", action="store_true", help=texts("cli.search.jsonl"))
    search.add_argument("--passages", type=Path, metavar="FILE", help=texts("cli.search.passages"))
    search.add_argument("--municipality", metavar="ID", help=texts("cli.search.municipality"))
    search.add_argument("-k", type=positive_number, default=10, metavar="N", help=texts("cli.search.k"))

    evaluation = command("eval")
    evaluation.add_argument("files", nargs="*", type=Path, metavar="FILE", help=texts("cli.eval.files"))
    evaluation.add_argument("--json", action="store_true", help=texts("cli.eval.json"))
    evaluation.add_argument("--totals", action="store_true", help=texts("cli.eval.totals"))
    evaluation.add_argument("--baseline", action="store_true", help=texts("cli.eval.baseline"))
    evaluation.add_argument("--compare", type=Path, metavar="OLD.json", help=texts("cli.eval.compare"))
    evaluation.add_argument("--plots", type=Path, metavar="DIR", help=texts("cli.eval.plots"))
    evaluation.add_argument("--retrieval", type=Path, metavar="DIR", help=texts("cli.eval.retrieval"))

    telegram = command("telegram")
    telegram.add_argument("--webhook", action="store_true", help=texts("cli.telegram.webhook"))

    knowledge = command("knowledge")
    actions = knowledge.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action in ("check", "list"):
        one = actions.add_parser(action, texts=texts, help=texts(f"cli.knowledge.{action}"))
        one.add_argument("directories", nargs="*", type=Path, metavar="DIR", help=texts("cli.knowledge.dir"))

    themes = command("themes").add_subparsers(dest="action", required=True, metavar="ACTION")
    themes.add_parser("list", texts=texts, help=texts("cli.themes.list"))
    suggest = themes.add_parser("suggest", texts=texts, help=texts("cli.themes.suggest"))
    suggest.add_argument("file", type=Path, metavar="FILE", help=texts("cli.themes.file"))
    suggest.add_argument("--section", metavar="ID", help=texts("cli.themes.section"))
    suggest.add_argument("-k", type=positive_number, default=8, metavar="N", help=texts("cli.themes.k"))

    _add_staff(command("staff"), texts)

    command("settings")
    return parser


def _add_staff(staff: argparse.ArgumentParser, texts: Texts) -> None:
    actions = staff.add_subparsers(dest="action", required=True, metavar="ACTION")
    for action in ("add", "list", "password", "role", "block", "unblock", "unlink", "remove", "sign-out"):
        one = actions.add_parser(action, texts=texts, help=texts(f"cli.staff.{action}"))
        if action != "list":
            one.add_argument("name", metavar="NAME", help=texts("cli.staff.name"))
        if action == "add":
            one.add_argument("--role", choices=ROLES, default=ROLES[0], help=texts("cli.staff.role_given"))
            one.add_argument("--email", metavar="E", help=texts("cli.staff.email"))
            source = one.add_mutually_exclusive_group()
            source.add_argument("--no-password", action="store_true", help=texts("cli.staff.no_password"))
            source.add_argument(
                "--password-stdin", action="store_true", help=texts("cli.staff.password_stdin")
            )
        elif action == "password":
            one.add_argument("--password-stdin", action="store_true", help=texts("cli.staff.password_stdin"))
        elif action == "role":
            one.add_argument("role", choices=ROLES, metavar="ROLE", help=texts("cli.staff.new_role"))


if __name__ == "__main__":
    sys.exit(main())
