"""Contest packages of the ICPC Contest API on disk: a folder, a ZIP file, or an event feed, as collections of objects.

Source: the specifications of the CLICS group, versions 2020-03 to 2026-01 (Contest Package, Contest API, JSON Format).
Only the containers are known here; what the objects mean is in ``clics``.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Json: TypeAlias = dict[str, Any]
#: Bytes that one file of a package may have once it is unpacked.
MAX_FILE = 512 * 1024 * 1024
FEEDS = ("event-feed.ndjson", "event-feed.json", "event-feed")
#: Read from a package; everything else in it (photos, sources, languages) plays no part in standings.
COLLECTIONS = (
    "judgement-types",
    "problems",
    "groups",
    "organizations",
    "teams",
    "submissions",
    "judgements",
    "awards",
    "clarifications",
)
SINGLE = ("contest", "state", "scoreboard")


class ArchiveError(ValueError):
    """A package that cannot be read; its text says which file and why, and is for the person who gave it."""


class Package:
    """What a package holds: ``single`` objects by name, and ``collections`` of objects by id in their order."""

    def __init__(self) -> None:
        self.single: dict[str, Json] = {}
        self.collections: dict[str, dict[str, Json]] = {name: {} for name in COLLECTIONS}

    def all(self, name: str) -> Iterable[Json]:
        """The objects of a collection, those that came first in front."""
        return self.collections[name].values()


def read_package(path: Path) -> Package:
    """Read a package.

    Args:
        path: a folder, a ZIP file, or an event feed.

    Raises:
        ArchiveError: it holds no contest, or something in it is not as the specification has it.
    """
    if path.is_dir():
        files = {name.name: name.read_bytes for name in _folder(path).iterdir() if name.is_file()}
        return _read(files)
    if not path.exists():
        raise ArchiveError(f"{path}: there is no such file; give a contest package (folder or ZIP) or an event feed")
    if zipfile.is_zipfile(path):
        return _read_zip(path)
    package = Package()
    _apply_feed(package, path.read_bytes(), path.name)
    return package


def _folder(path: Path) -> Path:
    """The folder that holds the package: the one given, or the only one below it that does."""
    if _holds_contest(one.name for one in path.iterdir()):
        return path
    below = [
        one for one in sorted(path.iterdir()) if one.is_dir() and _holds_contest(sub.name for sub in one.iterdir())
    ]
    if len(below) == 1:
        return below[0]
    raise ArchiveError(f"{path}: holds neither contest.json nor an event feed; give the folder of one contest")


def _holds_contest(names: Iterable[str]) -> bool:
    return not {"contest.json", "contests.json", "contest.yaml", *FEEDS}.isdisjoint(names)


def _read_zip(path: Path) -> Package:
    with zipfile.ZipFile(path) as packed:
        folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = {}
        for info in packed.infolist():
            name = PurePosixPath(info.filename)
            if not info.is_dir():
                folders.setdefault(name.parent, {})[name.name] = info
        holding = sorted((folder for folder, names in folders.items() if _holds_contest(names)), key=_depth)
        if not holding:
            raise ArchiveError(f"{path}: holds neither contest.json nor an event feed")

        def reader(info: zipfile.ZipInfo) -> bytes:
            if info.file_size > MAX_FILE:
                raise ArchiveError(f"{path}: {info.filename} is larger than {MAX_FILE} bytes")
            with packed.open(info) as opened:
                return opened.read(MAX_FILE)

        chosen = folders[holding[0]]
        return _read({name: lambda info=info: reader(info) for name, info in chosen.items()})


def _depth(folder: PurePosixPath) -> tuple[int, str]:
    return len(folder.parts), str(folder)


def _read(files: Mapping[str, Any]) -> Package:
    """The feed first, then the files, which an endpoint gave later or a person wrote."""
    package = Package()
    for feed in FEEDS:
        if feed in files:
            _apply_feed(package, files[feed](), feed)
            break
    for name in SINGLE:
        found = _document(files, name)
        if found is None and name == "contest":
            found = _document(files, "contests")
        if isinstance(found, list) and name == "scoreboard":
            found = {"rows": found}  # up to 2018 the rows stood alone
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if isinstance(found, dict):
            package.single[name] = {**package.single.get(name, {}), **found}
    _read_collections(package, files)
    return package


def _read_collections(package: Package, files: Mapping[str, Any]) -> None:
    for name in COLLECTIONS:
        found = _document(files, name)
        if found is None:
            continue
        if not isinstance(found, list):
            raise ArchiveError(f"{name}.json: must be a list of objects")
        known = package.collections[name]
        merged = {str(one.get("id", number)): one for number, one in enumerate(_objects(found, f"{name}.json"))}
        if name in {"submissions", "judgements"}:
            package.collections[name] = merged
        else:
            package.collections[name] = {**known, **{key: {**known.get(key, {}), **one} for key, one in merged.items()}}


def _document(files: Mapping[str, Any], name: str) -> Any:
    if f"{name}.json" in files:
        return _parse(files[f"{name}.json"](), f"{name}.json")
    for ending in ("yaml", "yml"):
        if f"{name}.{ending}" in files:
            return _parse_yaml(files[f"{name}.{ending}"](), f"{name}.{ending}")
    return None


def _parse(raw: bytes, where: str) -> Any:
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{where}: is not JSON in UTF-8 ({str(error).splitlines()[0]})") from None


def _parse_yaml(raw: bytes, where: str) -> Any:
    try:
        # BaseLoader leaves 5:00:00 the text that it is; YAML 1.1 would read it as a number to the base 60.
        found = yaml.load(raw.decode("utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but strings
    except (ValueError, yaml.YAMLError) as error:
        raise ArchiveError(f"{where}: is not YAML ({str(error).splitlines()[0]})") from None
    if isinstance(found, dict):
        return {key.replace("-", "_"): value for key, value in found.items()}
    return found


def _objects(found: list[Any], where: str) -> Iterator[Json]:
    for one in found:
        if not isinstance(one, dict):
            raise ArchiveError(f"{where}: must be a list of objects")
        yield one


def _apply_feed(package: Package, raw: bytes, where: str) -> None:
    whole = raw.lstrip()[:1] == b"["
    events = _objects(_parse(raw, where), where) if whole else _lines(raw, where)
    for event in events:
        kind = str(event.get("type", ""))
        kind = "contest" if kind == "contests" else kind
        if kind in SINGLE:
            _apply_single(package, kind, event)
        elif kind in package.collections:
            _apply(package, kind, event, where)


def _lines(raw: bytes, where: str) -> Iterator[Json]:
    for number, line in enumerate(raw.splitlines(), 1):
        if line.strip():  # empty lines keep a connection alive
            found = _parse(line, f"{where}:{number}")
            if not isinstance(found, dict) or "type" not in found:
                raise ArchiveError(f"{where}:{number}: is not an event of the Contest API")
            yield found


def _apply_single(package: Package, kind: str, event: Json) -> None:
    data = event.get("data")
    if isinstance(data, list) and data:
        data = data[0]
    if isinstance(data, dict) and event.get("op") != "delete":
        package.single[kind] = data


def _apply(package: Package, kind: str, event: Json, where: str) -> None:
    """One event. Up to 2021-11 they have an ``op``; since 2022-07 a missing ``data`` deletes, and lists replace all."""
    data = event.get("data")
    collection = package.collections[kind]
    if "op" in event:
        entries = data if isinstance(data, list) else [data]
        for one in _objects(entries, where):
            if event["op"] == "delete":
                collection.pop(str(one.get("id")), None)
            else:
                collection[str(one.get("id"))] = one
        return
    if isinstance(data, list):
        collection.clear()
        collection.update({str(one.get("id")): one for one in _objects(data, where)})
    elif data is None:
        if event.get("id") is None:
            collection.clear()
        else:
            collection.pop(str(event["id"]), None)
    elif isinstance(data, dict):
        collection[str(data.get("id", event.get("id")))] = data
