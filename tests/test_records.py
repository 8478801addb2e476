"""Our data classes are those of the standard library, whose methods are written later."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import field
from typing import TYPE_CHECKING, Any

import pytest

from hardened_eks import _records

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = [
    {},
    {"frozen": True},
    {"slots": True},
    {"eq": False},
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": True, "eq": False},
    {"frozen": True, "slots": True, "kw_only": True},
]


@pytest.fixture(autouse=True, params=["filled", "compiled"])
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "compiled":
        monkeypatch.setattr(_records, "_FEW", 0)


each = pytest.mark.parametrize("options", OPTIONS, ids=str)


def point(dataclass: Callable[..., Any], **options: bool) -> Any:
    @dataclass(**options)
    class Point:
        x: int
        y: int = 2
        tags: list[str] = field(default_factory=list)
        note: str = field(default="", compare=False, repr=False)
        unit: str = field(default="m", kw_only=True)
        seen: bool = field(default=False, init=False)
        found: dict[str, int] = field(default_factory=dict, init=False)

    return Point


def both(**options: bool) -> tuple[Any, Any]:
    return point(dataclasses.dataclass, **options), point(_records.dataclass, **options)


def outcome(function: Callable[[], object]) -> object:
    try:
        return function()
    except (TypeError, AttributeError) as error:
        return type(error), str(error).replace("__init__", "").replace("point.<locals>.Point.", "")


@each
def test_the_same_instances(options: dict[str, bool]) -> None:
    theirs, ours = both(**options)
    for arguments, named in [((), {"x": 1}), ((1,), {}), ((), {"x": 1, "unit": "km", "note": "n", "tags": ["a"]})]:
        made = [outcome(lambda cls=cls: repr(cls(*arguments, **named))) for cls in (theirs, ours)]
        assert made[0] == made[1]
    assert [one.name for one in dataclasses.fields(ours)] == [one.name for one in dataclasses.fields(theirs)]
    assert ours.__match_args__ == theirs.__match_args__
    assert ours(x=1).tags is not ours(x=1).tags


@each
def test_the_same_signature_before_and_after_the_first_instance(options: dict[str, bool]) -> None:
    theirs, ours = both(**options)
    names = [(p.name, p.kind) for p in inspect.signature(theirs).parameters.values()]
    assert [(p.name, p.kind) for p in inspect.signature(ours).parameters.values()] == names
    ours(x=1)
    assert [(p.name, p.kind) for p in inspect.signature(ours).parameters.values()] == names


@each
def test_the_same_mistakes(options: dict[str, bool]) -> None:
    theirs, ours = both(**options)
    assert outcome(lambda: theirs()) == outcome(lambda: ours())
    assert outcome(lambda: theirs(x=1, z=2)) == outcome(lambda: ours(x=1, z=2))
    assert outcome(lambda: theirs(1, seen=True)) == outcome(lambda: ours(1, seen=True))
    assert outcome(lambda: theirs(1, x=1)) == outcome(lambda: ours(1, x=1))
    assert outcome(lambda: theirs(1, 2, [], "", "m", "more")) == outcome(lambda: ours(1, 2, [], "", "m", "more"))


@each
def test_the_same_comparison(options: dict[str, bool]) -> None:
    for cls in both(**options):
        same = [cls(x=1, note="a"), cls(x=1, note="b")]
        assert (same[0] == same[1]) is options.get("eq", True)
        assert same[0] != cls(x=2)
        assert same[0] != (1, 2, [], "m", False, {})
    theirs, ours = both(**options)
    assert (theirs.__hash__ is None) is (ours.__hash__ is None)


def test_the_hash_is_that_of_what_is_compared() -> None:
    @_records.dataclass(frozen=True, slots=True)
    class One:
        name: str
        note: str = field(default="", compare=False)

    assert len({One("a"), One("a", "b"), One("b")}) == 2


@each
def test_frozen_is_frozen(options: dict[str, bool]) -> None:
    for cls in both(**options):
        made = cls(x=1)
        if options.get("frozen"):
            with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
                made.x = 2
            with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
                del made.x
        else:
            made.x = 2
            assert made.x == 2
        assert hasattr(made, "__dict__") is not options.get("slots", False)


@_records.dataclass(frozen=True, slots=True)
class _Whole:
    name: str
    half: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "half", self.half * 2)


def test_what_else_works_on_data_classes() -> None:
    made = _Whole("a", 3)
    assert made.half == 6
    assert dataclasses.replace(made, half=1) == _Whole("a", 1)
    assert dataclasses.asdict(made) == {"name": "a", "half": 6}
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made


def test_a_class_below_writes_the_method_where_it_belongs() -> None:
    @_records.dataclass(slots=True)
    class Above:
        name: str

    class Below(Above):
        __slots__ = ()

    assert Below("a").name == "a"
    assert Above("b") == Above("b")
    assert Above("a") != Below("a")


def test_methods_of_the_class_itself_stay() -> None:
    @_records.dataclass(slots=True, eq=False)
    class Own:
        name: str

        def __repr__(self) -> str:
            return "own"

    assert repr(Own("a")) == "own"


def test_a_method_is_compiled_after_some_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_records, "_FEW", 3)

    @_records.dataclass(frozen=True, slots=True)
    class Later:
        name: str

    for _ in range(3):
        assert Later("a").name == "a"
        assert not inspect.isfunction(vars(Later)["__init__"])
    assert Later("a") == Later(name="a")
    assert inspect.isfunction(vars(Later)["__init__"])
