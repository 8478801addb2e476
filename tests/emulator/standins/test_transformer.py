"""JSON paths of input transformers."""

import pytest

from tests.emulator.standins.transformer import TransformError, select

EVENT = {"detail": {"a-b": [{"x": 1}, {"x": 2}], "c": {"d/e": None}, "k.l": "odd"}, "source": "aws.eks"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [("$.source", "aws.eks"), ("$.detail.a-b[1].x", 2), ("$.detail.a-b[*].x", [1, 2]), ("$.detail.a-b[7].x", ""),
     ("$.detail.c.d/e", None), ("$.detail.nothing.at.all", ""), ("$.source.x", ""), ("$", EVENT), ("$.detail['k.l']", "odd"),
     ("$.detail.c.*", [None])],
)  # fmt: skip
def test_select(path: str, expected: object) -> None:
    assert select(EVENT, path) == expected


@pytest.mark.parametrize("path", ["detail.x", "$..x", "$.a[?(@.b)]", "$.a[-1]"])
def test_refuses_paths_outside_the_subset(path: str) -> None:
    with pytest.raises(TransformError, match="does not know the JSON path"):
        select(EVENT, path)
