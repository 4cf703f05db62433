"""The index on disk: a directory whose manifest names its files with their size and SHA-256.

Files are written beside the ones in use, under names that no reader knows, and come into force when the
manifest is replaced in one rename. So a reader sees the old index or the new one, whole, and a writer that
is killed leaves only files that nothing names; the next writer removes them.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from index.affinity import MOST_OTHERS, RIDGE, SHARPNESS, TOLERANCE
from index.passages import Passage
from index.words import grams

_PROBE = "Å och ö: § 62, Ærø, naïve™, 40 000"
ATTEMPTS = 200
"""A reader that a writer overtakes so often is not overtaken but reads something broken."""
_LEARNING = (SHARPNESS, RIDGE, TOLERANCE, MOST_OTHERS)
SCHEMA = f"4-{hashlib.sha256(f'{grams(_PROBE)} {_LEARNING}'.encode()).hexdigest()[:8]}"
"""The form of the files: raise the number when it changes. The rest follows how words are folded and cut, and
how affinities are learned."""
MANIFEST = "manifest.json"
PASSAGES, DENSE, LEXICAL = "passages.jsonl", "dense.faiss", "lexical.npz"
CENTERING, AFFINITIES = "centering.npz", "affinities.npz"
FILES = (PASSAGES, DENSE, LEXICAL, CENTERING, AFFINITIES)


class StoreError(Exception):
    """An index that cannot be used as it stands; building it anew mends all of these."""


class IndexMissing(StoreError):
    """There is no index in the directory."""


class IndexDamaged(StoreError):
    """A file is missing, cut short or altered."""


class IndexStale(StoreError):
    """Made with another encoder, of other texts, or by another version of the program."""


def content_hash(passages: Sequence[Passage]) -> str:
    """SHA-256 over all that the passages hold, in order."""
    return hashlib.sha256(_passages_to_bytes(passages)).hexdigest()


@dataclass(frozen=True, slots=True)
class Parts:
    """What an index is made of."""

    passages: Sequence[Passage]
    rivals: str
    """The hash of those whose affinities were learned."""
    dense: bytes
    lexical: bytes
    centering: bytes
    affinities: bytes


def write(directory: Path, fingerprint: str, parts: Parts) -> None:
    """Write the files, then put them into force. One writer at a time; readers need no lock."""
    directory.mkdir(parents=True, exist_ok=True)
    generation = secrets.token_hex(8)
    bodies = (getattr(parts, field.name) for field in fields(Parts)[2:])
    contents = dict(zip(FILES, (_passages_to_bytes(parts.passages), *bodies), strict=True))
    files = {}
    for name, data in contents.items():
        stored = f"{generation}-{name}"
        _write_through(directory / stored, data)
        files[name] = {"file": stored, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    body = {
        "schema": SCHEMA,
        "encoder": fingerprint,
        "content": content_hash(parts.passages),
        "rivals": parts.rivals,
        "passages": len(parts.passages),
        "files": files,
    }
    beside = directory / f"{generation}-{MANIFEST}"
    _write_through(beside, _manifest_to_bytes(body))
    os.replace(beside, directory / MANIFEST)
    kept = {MANIFEST, *(entry["file"] for entry in files.values())}
    for path in directory.iterdir():
        if path.name not in kept and path.name.endswith((*FILES, MANIFEST)):
            path.unlink(missing_ok=True)


def read(
    directory: Path,
    fingerprint: str,
    expected: Sequence[Passage] | None = None,
    rivals: str | None = None,
) -> Parts:
    """What was written.

    Args:
        expected: the passages, where they are known; to compare costs half as much as to read them.
        rivals: the hash of the rivals, where they are known.

    Raises:
        IndexMissing, IndexDamaged, IndexStale: as their names say.
    """
    manifest = _read_manifest(directory)
    for _ in range(ATTEMPTS):
        try:
            contents = {name: _read_file(directory, manifest, name) for name in FILES}
            break
        except IndexDamaged:
            # A writer may have replaced the manifest, and removed its files, since it was read.
            latest = _read_manifest(directory)
            if latest == manifest:
                raise
            manifest = latest
    else:
        raise IndexDamaged(f"{directory}: replaced again and again while it was read")
    if manifest["encoder"] != fingerprint:
        raise IndexStale(f"{directory}: made with the encoder {manifest['encoder']}, not {fingerprint}")
    learned = manifest["rivals"]
    if rivals not in (None, learned):
        raise IndexStale(f"{directory}: the affinities are to other groups")
    if expected is not None:
        if contents[PASSAGES] != _passages_to_bytes(expected):
            raise IndexStale(f"{directory}: made of other texts")
        return Parts(expected, learned, *(contents[name] for name in FILES[1:]))
    try:
        passages = _passages_from_bytes(contents[PASSAGES])
    except (ValueError, TypeError, KeyError) as error:
        raise IndexStale(f"{directory}: passages of another form: {error}") from error
    return Parts(passages, learned, *(contents[name] for name in FILES[1:]))


def _read_manifest(directory: Path) -> dict[str, Any]:
    try:
        data = (directory / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(f"{directory}: no index here") from None
    try:
        body = json.loads(data)
        # One spelling only: any flipped byte makes another checksum or another spelling.
        checksum = body.pop("sha256")
        intact = _manifest_to_bytes(body) == data and isinstance(checksum, str)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        intact = False
    if not intact:
        raise IndexDamaged(f"{directory / MANIFEST}: does not match its checksum")
    if body["schema"] != SCHEMA:
        raise IndexStale(f"{directory}: form {body['schema']}, this program writes {SCHEMA}")
    return dict(body)


def _manifest_to_bytes(body: dict[str, Any]) -> bytes:
    plain = json.dumps(body, sort_keys=True, ensure_ascii=False)
    return json.dumps(
        {**body, "sha256": hashlib.sha256(plain.encode()).hexdigest()}, sort_keys=True, ensure_ascii=False
    ).encode()


def _read_file(directory: Path, manifest: dict[str, Any], name: str) -> bytes:
    entry = manifest["files"][name]
    path = directory / str(entry["file"])
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise IndexDamaged(f"{path}: missing") from None
    if len(data) != entry["size"] or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise IndexDamaged(f"{path}: does not match its checksum")
    return data


def _write_through(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _passages_to_bytes(passages: Sequence[Passage]) -> bytes:
    # Once for all: `json.dumps` makes an encoder each time, and `asdict` copies all values.
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
    names = [field.name for field in fields(Passage)]
    lines = (encode({name: getattr(passage, name) for name in names}) for passage in passages)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")


def _passages_from_bytes(data: bytes) -> list[Passage]:
    passages = []
    for line in data.decode("utf-8", "surrogatepass").split("\n")[:-1]:
        entry = json.loads(line)
        entry["spans"] = tuple((start, end) for start, end in entry["spans"])
        passages.append(Passage(**entry))
    return passages
