"""Stored packages: what is no package is refused in a line, and files are for their owner alone."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from plain_values import VALUES

from greenroom_grader.compare import equal
from greenroom_grader.errors import PackageError
from greenroom_grader.package import Answer, Case, Package, PackageStore, Step
from greenroom_problems.entry import parse_entry
from greenroom_problems.problem import Comparison, Kind, Limits, Reveal

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = Package(
    problem="small",
    digest="abc123",
    kind=Kind.FUNCTION,
    entry=parse_entry("def f(x: int, k: int = 2) -> int", Kind.FUNCTION),
    comparison=Comparison(),
    limits=Limits(),
    reveal=Reveal.ALL,
    zygote="plain",
    complexity="n",
    cases=(),
    tests="",
    reference="def f(x, k=2): return x",
    helpers=frozenset({"valid"}),
)


@given(VALUES)
def test_values_keep_their_exact_types_in_storage(value: object) -> None:
    case = Case(
        name="one",
        visible=False,
        reveal=Reveal.INPUT,
        steps=(Step(name="f", arguments=(value,)),),
        answers=(Answer(value=value, arguments=(value,)),),
    )
    (stored,) = Package.from_json(replace(PACKAGE, cases=(case,)).to_json()).cases
    assert equal(stored.steps[0].arguments, (value,))
    assert equal(stored.answers[0].value, value)
    assert equal(stored.answers[0].arguments, (value,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"format": 1}',
        json.dumps({**json.loads(PACKAGE.to_json()), "kind": "poem"}),
        json.dumps({**json.loads(PACKAGE.to_json()), "limits": {"cpu_seconds": "long"}}),
        json.dumps({**json.loads(PACKAGE.to_json()), "cases": [{"name": "x"}]}),
    ],
)
def test_what_is_no_package_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(PackageError, match="publish the problem again") as caught:
        Package.from_json(text)
    assert "\n" not in str(caught.value)


def test_a_package_of_another_format_says_so() -> None:
    form = {**json.loads(PACKAGE.to_json()), "format": 0}
    with pytest.raises(PackageError, match="package of 'small' has format 0, this grader reads"):
        Package.from_json(json.dumps(form))


def test_a_store_keeps_packages_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    PackageStore(folder).put(PACKAGE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert PackageStore(folder).get("abc123") == PACKAGE


def test_a_store_gives_nothing_for_what_is_missing_damaged_or_somebody_elses(tmp_path: Path) -> None:
    store = PackageStore(tmp_path)
    store.put(PACKAGE)
    (file,) = tmp_path.iterdir()
    file.rename(tmp_path / file.name.replace("abc123", "def456"))
    (tmp_path / file.name).write_text("{")
    assert [store.get(digest) for digest in ("abc123", "def456", "ffffff")] == [None, None, None]


@pytest.mark.parametrize("digest", ["", "../abc", "a/b", "a.b", "a b"])
def test_a_digest_cannot_lead_out_of_the_folder(tmp_path: Path, digest: str) -> None:
    store = PackageStore(tmp_path / "packages")
    with pytest.raises(PackageError, match="is not the digest of a problem"):
        store.put(replace(PACKAGE, digest=digest))
    assert store.get(digest) is None
    assert [path.name for path in tmp_path.rglob("*")] == ["packages"]


def test_a_signature_is_found_by_its_function_or_class() -> None:
    assert PACKAGE.signature("g") is None
    found = PACKAGE.signature("f")
    assert found is not None
    assert [parameter.name for parameter in found.parameters] == ["x", "k"]
    text = "class Pile:\n    def __init__(self, size: int) -> None\n    def pop(self) -> int"
    pile = replace(PACKAGE, kind=Kind.CLASS, entry=parse_entry(text, Kind.CLASS))
    constructor = pile.signature("Pile")
    assert constructor is not None
    assert constructor.name == "__init__"
