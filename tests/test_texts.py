import ast
import datetime as dt
import re
import string
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from bot import texts as module
from bot.texts import LANGUAGES, Texts, load_texts

BOT = Path(module.__file__).parent.parent
FILES = sorted(BOT.rglob("*.py"))
TEMPLATES = sorted(BOT.rglob("*.html"))
# The chat's own script; its keys stand in it whole, but for those that an error completes.
SCRIPTS = sorted(BOT.rglob("static/widget/*.js"))
# Keys that a value in the program completes: small talk, reasons, states, faults, commands.
COMPLETED = {
    "months.",
    "languages.",
    "no_answer.",
    "notice.",
    "valid.",
    "smalltalk.",
    "distress.",
    "personal_data.",
    "settings_error.",
    "faults.",
    "cli.",
    "telegram.",
    "problem.",
    "database.",
    "chat.error.",
    "demo.example.",
    "staff.kind.",
    "staff.state.",
    "staff.role.",
    "staff.language.",
    "staff.copy.label.",
    "staff.score.",
    "staff.provider.",
    "staff.refusal.",
    "staff.accounts.",
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def sentence(texts: Texts, key: str) -> str:
    return texts._sentences[key]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls that look a text up: texts(...), self._texts(...), self.texts(...), their kin."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.strip("_") == "texts":
                yield node


def template_calls(file: Path) -> Iterator[nodes.Call]:
    """The calls that look a text up in a template."""
    for call in jinja2.Environment().parse(file.read_text("utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("texts", "said"):
            yield call


def test_both_languages_have_the_same_keys() -> None:
    swedish, english = (load_texts(language) for language in LANGUAGES)
    assert len(swedish.keys()) > 150
    assert set(swedish.keys()) == set(english.keys())


def test_both_languages_have_the_same_placeholders_and_all_have_words() -> None:
    swedish, english = (load_texts(language) for language in LANGUAGES)
    for key in swedish.keys():  # noqa: SIM118 - Texts is no mapping
        assert placeholders(sentence(swedish, key)) == placeholders(sentence(english, key)), key
        assert sentence(swedish, key).strip(), key
        assert sentence(english, key).strip(), key


def test_every_key_in_the_program_exists() -> None:
    known = set(load_texts("sv").keys())
    looked_up = 0
    for file in FILES:
        for call in calls(ast.parse(file.read_text("utf-8"))):
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                looked_up += 1
                assert first.value in known, f"{file}:{call.lineno}"
                given = {keyword.arg for keyword in call.keywords}
                needed = placeholders(sentence(load_texts("sv"), first.value))
                assert None in given or needed <= given, f"{file}:{call.lineno}"
            elif isinstance(first, ast.JoinedStr):
                looked_up += 1
                start = first.values[0]
                assert isinstance(start, ast.Constant), f"{file}:{call.lineno}"
                assert any(key.startswith(str(start.value)) for key in known), f"{file}:{call.lineno}"
    assert len(FILES) > 25
    assert looked_up > 50


def test_every_key_in_the_templates_exists() -> None:
    known = set(load_texts("sv").keys())
    looked_up = 0
    for file in TEMPLATES:
        for call in template_calls(file):
            first = call.args[0]
            given = {keyword.key for keyword in call.kwargs}
            if isinstance(first, nodes.Const):
                looked_up += 1
                assert first.value in known, f"{file}:{call.lineno}"
                needed = placeholders(sentence(load_texts("sv"), first.value))
                assert needed <= given, f"{file}:{call.lineno}"
            elif isinstance(first, nodes.Concat) and isinstance(first.nodes[0], nodes.Const):
                looked_up += 1
                start = first.nodes[0].value
                assert any(key.startswith(start) for key in known), f"{file}:{call.lineno}"
    assert len(TEMPLATES) > 10
    assert looked_up > 100


def script_strings() -> set[str]:
    return {text for file in SCRIPTS for text in re.findall(r'"([^"\n]*)"', file.read_text("utf-8"))}


def test_every_key_in_the_chat_exists() -> None:
    known = load_texts("sv").keys()
    keys = {text for text in script_strings() if text.startswith("chat.")}
    assert len(SCRIPTS) > 4
    assert len(keys) > 25
    assert keys <= set(known)


def test_no_key_is_left_over() -> None:
    """A key's whole name stands in the program, or the part after a beginning that a value completes."""
    written = {
        node.value
        for file in [
            *FILES,
            *(file for layer in ("knowledge", "index") for file in (BOT.parent / layer).glob("*.py")),
        ]
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    } | {
        node.value
        for file in TEMPLATES
        for node in jinja2.Environment().parse(file.read_text("utf-8")).find_all(nodes.Const)
        if isinstance(node.value, str)
    }
    written |= script_strings()
    words = {word for text in written for word in re.findall(r"[a-z0-9_]+", text)} | {
        # Of commands, such as sign-out.
        *(word for text in written for word in re.findall(r"[a-z]+-[a-z]+", text)),
        *(str(month) for month in range(1, 13)),
    }
    left_over = [
        key
        for key in load_texts("sv").keys()  # noqa: SIM118
        if key not in written
        and not (
            any(key.startswith(start) for start in COMPLETED)
            and key.rsplit(".", 1)[-1] in words | set(LANGUAGES)
        )
    ]
    assert left_over == []


def test_no_sentence_for_people_stands_in_the_program() -> None:
    """Heuristic: a string with Swedish letters, or that is printed as it stands, belongs in the texts."""
    found = []
    strings = 0
    for file in FILES:
        tree = ast.parse(file.read_text("utf-8"))
        documentation = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if id(node) in documentation:
                continue
            strings += 1
            if re.search(r"\b\w*[åäöÅÄÖ]\w* \w+", node.value):
                found.append(f"{file}:{node.lineno}: {node.value}")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
                found += [
                    f"{file}:{node.lineno}"
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and " " in str(argument.value)
                ]
    assert strings > 300
    assert found == []


def test_dates_and_listings() -> None:
    swedish, english = (load_texts(language) for language in LANGUAGES)
    assert swedish.date(dt.date(2024, 1, 1)) == "1 januari 2024"
    assert english.date(dt.date(2023, 12, 31)) == "31 December 2023"
    assert swedish.listing(()) == ""
    assert swedish.listing(("a",)) == "a"
    assert swedish.listing(("a", "b", "c")) == "a, b och c"
    assert english.listing(("a", "b"), "or") == "a or b"


def test_values_are_put_in_as_they_are() -> None:
    assert "{x} %s <b>" in load_texts("sv")("whose", name="{x} %s <b>")


def test_a_missing_key_or_value_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        load_texts("sv")("no.such.key")
    with pytest.raises(KeyError):
        load_texts("sv")("whose")
    assert "whose" in load_texts("sv")
    assert "no.such.key" not in load_texts("sv")


def test_braces_that_are_meant_as_braces_come_out_single() -> None:
    assert '{"id"' in load_texts("sv")("cli.ask.jsonl")
