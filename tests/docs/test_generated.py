from docs import generate


def test_reference_pages_are_not_stale() -> None:
    assert generate.stale() == [], "run `make docs`"
