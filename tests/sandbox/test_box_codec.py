"""Typed JSON: values keep their exact type both ways, and nothing malformed passes."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenroom_grader.sandbox import Array, Frame, Generated, LinkedList, Opaque, Scalar, Series, Tree, codec
from greenroom_grader.sandbox.inside import values

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.floats(),
    st.complex_numbers(),
    st.text(st.characters(exclude_categories=()), max_size=20),
    st.binary(max_size=20),
)
keys = st.one_of(st.integers(), st.text(max_size=5), st.booleans(), st.tuples(st.integers(), st.text(max_size=3)))
plain = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(keys, inner, max_size=5),
        st.sets(keys, max_size=5),
        st.frozensets(keys, max_size=5),
    ),
    max_leaves=20,
)


def same(one: object, other: object) -> bool:
    """Equal with equal types all the way down; NaN equals NaN and 0.0 differs from -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float | complex):
        return repr(one) == repr(other)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))  # type: ignore[arg-type]
    if isinstance(one, dict):
        return same(list(one), list(other)) and all(same(one[key], other[key]) for key in one)  # type: ignore[call-overload, index]
    if isinstance(one, set | frozenset):
        return sorted(map(repr, one)) == sorted(map(repr, other))  # type: ignore[call-overload]
    return one == other


def through_wire(form: object) -> object:
    return json.loads(json.dumps(form))


@given(plain)
def test_a_value_keeps_its_exact_type_on_the_trusted_side(value: object) -> None:
    assert same(codec.decode(through_wire(codec.encode(value))), value)


@given(plain)
def test_a_value_keeps_its_exact_type_into_a_box_and_out_again(value: object) -> None:
    inside = values.decode(through_wire(codec.encode(value)), {})
    assert same(inside, value)
    assert same(codec.decode(through_wire(values.encode(inside))), value)


@given(st.lists(st.integers(), max_size=20), st.integers(min_value=-1, max_value=19))
def test_a_linked_list_is_made_of_nodes_inside_and_comes_back_with_its_cycle(items: list[int], cycle: int) -> None:
    chain = LinkedList(tuple(items), cycle if cycle < len(items) else -1)
    inside = values.decode(codec.encode(chain), {})
    if not items:
        assert inside is None
        return
    assert inside.val == items[0]
    assert codec.decode(values.encode(inside)) == chain


def test_a_tree_is_made_of_nodes_inside_and_comes_back_in_level_order() -> None:
    tree = Tree((1, 2, 3, None, 4, None, None, 5))
    root = values.decode(codec.encode(tree), {})
    assert (root.left.val, root.right.val, root.left.left, root.left.right.val) == (2, 3, None, 4)
    assert root.left.right.left.val == 5
    assert codec.decode(values.encode(root)) == tree


def test_an_argument_is_made_of_the_students_own_node_class_where_there_is_one() -> None:
    class ListNode:
        def __init__(self, val: int = 0, next: object = None) -> None:  # noqa: A002
            self.val, self.next = val, next

    made = values.decode(codec.encode(LinkedList((1, 2))), {"ListNode": ListNode})
    assert type(made) is ListNode
    assert type(made.next) is ListNode
    assert codec.decode(values.encode(made)) == LinkedList((1, 2))


def test_a_node_class_that_cannot_be_made_from_a_value_is_left_alone() -> None:
    class ListNode:
        def __init__(self) -> None:
            raise RuntimeError

    made = values.decode(codec.encode(LinkedList((1,))), {"ListNode": ListNode})
    assert type(made) is values.ListNode


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    "value", [Liar(3), type("S", (str,), {})("x"), type("L", (list,), {})([1]), range(3), object, len]
)
def test_subclasses_and_other_types_cross_only_as_an_opaque_mark(value: object) -> None:
    assert isinstance(codec.decode(values.encode(value)), Opaque)


def test_a_value_that_contains_itself_or_is_very_deep_does_not_cross_whole() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert codec.decode(values.encode(loop)) == [Opaque("list", "contains itself")]
    deep: object = []
    for _ in range(5000):
        deep = [deep]
    assert "nested too deep" in repr(codec.decode(values.encode(deep)))


def test_a_value_with_too_many_parts_is_refused_inside() -> None:
    wide = [0] * 2000
    with pytest.raises(values.TooLargeError):
        values.encode([wide] * 2000)


def test_a_description_that_fails_or_is_not_text_leaves_an_empty_one() -> None:
    class Evil:
        def __repr__(self) -> str:
            raise SystemExit

    crossed = codec.decode(values.encode(Evil()))
    assert isinstance(crossed, Opaque)
    assert crossed.text == ""


def test_arrays_scalars_and_frames_are_plain_data_outside_and_real_ones_inside() -> None:
    np = pytest.importorskip("numpy")
    pd = pytest.importorskip("pandas")
    grid = np.arange(6, dtype="<i4").reshape(2, 3)
    crossed = codec.decode(through_wire(values.encode(grid)))
    assert crossed == Array("<i4", (2, 3), (0, 1, 2, 3, 4, 5))
    again = values.decode(codec.encode(crossed), {})
    assert again.dtype == grid.dtype
    assert (again == grid).all()
    assert codec.decode(values.encode(np.int64(3))) == Scalar("<i8", 3)
    assert type(values.decode(codec.encode(Scalar("<f4", 0.5)), {})) is np.float32
    days = np.array(["2026-01-01", "NaT"], dtype="M8[D]")
    assert np.array_equal(values.decode(codec.encode(codec.decode(values.encode(days))), {}), days, equal_nan=True)
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None], 3: [1.5, math.nan]}, index=["r", "s"])
    told = codec.decode(through_wire(values.encode(frame)))
    assert isinstance(told, Frame)
    assert told.columns == ("a", "b", 3)
    pd.testing.assert_frame_equal(values.decode(codec.encode(told), {}), frame)
    series = pd.Series([1, 2], name="n", index=pd.Index([5, 6]))
    told = codec.decode(values.encode(series))
    assert told == Series("n", Array("<i8", (2,), (5, 6)), Array("<i8", (2,), (1, 2)))
    pd.testing.assert_series_equal(values.decode(codec.encode(told), {}), series)


MALFORMED = [
    1.5,
    {},
    {"v": 1},
    [],
    [1],
    ["l"],
    ["l", 3],
    ["l", [["nope"]]],
    ["l", [1], 2],
    ["i", 5],
    ["i", "zz"],
    ["f", "one"],
    ["f", 1],
    ["c", "0x1p0"],
    ["s", "zz"],
    ["s", "ff"],
    ["b", "0"],
    ["d", [[1]]],
    ["d", [[["l", []], 1]]],
    ["d", [[1, 1], [True, 2]]],
    ["d", [[1, 1], [1, 2]]],
    ["S", [1, 1]],
    ["S", [["l", []]]],
    ["L", [1], 5],
    ["L", [1], -2],
    ["L", [1], True],
    ["T", None],
    ["?", 1, ""],
    ["a", "<i8", [2], [1]],
    ["a", "<i8", [-1], []],
    ["a", 8, [1], [1]],
    ["P", None, ["<i8", [1], [1]]],
    ["D", ["a"], ["<i8", [1], [1]], []],
    ["D", ["a"], ["<i8", [1], [1]], [["<i8", [2], [1, 2]]]],
    [["l"], []],
]


@pytest.mark.parametrize("form", MALFORMED, ids=json.dumps)
def test_a_malformed_form_is_refused(form: object) -> None:
    with pytest.raises(codec.CodecError):
        codec.decode(form)


@given(
    st.recursive(
        st.one_of(scalars.filter(lambda v: type(v) in (int, str, bool, float)), st.none()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.tuples(st.sampled_from("ifcsblLtTdSFg?anPDB"), inner, inner).map(list)
        ),
    )
)
def test_whatever_json_arrives_either_decodes_or_is_refused_in_one_way(form: object) -> None:
    try:
        codec.decode(form)
    except codec.CodecError:
        return


def test_keys_made_to_collide_are_refused_rather_than_hashed_for_minutes() -> None:
    modulus = 2**61 - 1
    colliding = [["i", hex(place * modulus)] for place in range(1, 2000)]
    with pytest.raises(codec.CodecError, match="collide"):
        codec.decode(["S", colliding])


def test_a_form_that_is_too_deep_is_refused() -> None:
    form: object = 1
    for _ in range(10_000):
        form = ["l", [form]]
    with pytest.raises(codec.CodecError):
        codec.decode(form)
    value: object = 1
    for _ in range(200):
        value = [value]
    with pytest.raises(codec.CodecError):
        codec.encode(value)


def test_a_value_of_another_type_is_not_sent_into_a_box() -> None:
    with pytest.raises(codec.CodecError, match="object"):
        codec.encode([object()])


def test_generated_values_come_back_as_such() -> None:
    assert codec.decode(values.encode_generated([1, "a"])) == Generated((1, "a"))
