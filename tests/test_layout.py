"""Imports point one way: knowledge, index, bot, channels."""

import ast
from pathlib import Path

import pytest

import bot
import index
import knowledge

LAYERS = {module.__name__: Path(str(module.__file__)).parent for module in (knowledge, index, bot)}
MAY_ASSEMBLE = ("bot/assemble/", "bot/commands/", "bot/evaluation/")


def files(layer: str) -> list[Path]:
    return sorted(LAYERS[layer].rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Dotted names that the file imports, at its head or inside a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where they lead"
            assert node.module
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def layers(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)} & (LAYERS.keys() | {"benchmarks", "tests"})


def name(path: Path) -> str:
    return path.relative_to(LAYERS["bot"].parent).as_posix()


@pytest.mark.parametrize(("layer", "fewest"), [("knowledge", 12), ("index", 8), ("bot", 40)])
def test_every_layer_is_looked_at(layer: str, fewest: int) -> None:
    assert len(files(layer)) >= fewest, "too few files found: has a layer moved?"


def test_knowledge_knows_no_other_layer() -> None:
    for path in files("knowledge"):
        assert layers(path) <= {"knowledge"}, path


def test_index_knows_knowledge_only_where_sections_become_passages() -> None:
    for path in files("index"):
        allowed = {"index", "knowledge"} if path.name == "passages.py" else {"index"}
        assert layers(path) <= allowed, path


def test_only_assembly_and_commands_know_the_lower_layers() -> None:
    looked_at = 0
    for path in files("bot"):
        if name(path).startswith(MAY_ASSEMBLE):
            continue
        looked_at += 1
        assert layers(path) <= {"bot"}, path
    assert looked_at >= 35


def test_nothing_below_knows_the_channels_or_commands() -> None:
    looked_at = 0
    for path in files("bot"):
        if not name(path).startswith(("bot/channels/", "bot/commands/", "bot/cli.py")):
            looked_at += 1
            above = ("bot.channels", "bot.commands", "bot.cli")
            assert not [one for one in imported(path) if one.startswith(above)], path
    assert looked_at >= 15


def test_channels_know_neither_assembly_nor_commands_nor_each_other() -> None:
    looked_at = 0
    for path in sorted((LAYERS["bot"] / "channels").rglob("*.py")):
        looked_at += 1
        own = ".".join(Path(name(path)).with_suffix("").parts[:3])
        for one in imported(path):
            assert not one.startswith(("bot.assemble", "bot.commands", "bot.cli")), path
            if one.startswith("bot.channels."):
                assert one == own or one.startswith(f"{own}."), path
    assert looked_at >= 20


def test_no_module_is_called_utils() -> None:
    paths = [path for layer in LAYERS for path in files(layer)]
    assert len(paths) > 60
    assert not [path for path in paths if "util" in path.stem or path.stem in ("helpers", "common", "misc")]
