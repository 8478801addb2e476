from datetime import date, timedelta

import pytest

from hardened_eks.data import kubernetes
from hardened_eks.data.kubernetes import Support


@pytest.mark.parametrize(
    ("version", "today", "expected"),
    [
        ("1.34", date(2026, 6, 1), Support.STANDARD),
        ("1.34", date(2026, 9, 3), Support.STANDARD),
        ("1.34", date(2026, 9, 4), Support.ENDS_SOON),
        ("1.34", date(2026, 12, 2), Support.ENDS_SOON),
        ("1.34", date(2026, 12, 3), Support.EXTENDED),
        ("1.34", date(2027, 12, 2), Support.EXTENDED),
        ("1.34", date(2027, 12, 3), Support.ENDED),
        ("1.36", date(2026, 11, 21), Support.STANDARD),
        ("1.99", date(2026, 11, 21), Support.UNKNOWN),
        ("", date(2026, 11, 21), Support.UNKNOWN),
    ],
)
def test_support_of_a_version_on_a_day(version, today, expected):
    assert kubernetes.support(version, today) == expected


def test_supported_names_the_versions_in_standard_support_oldest_first():
    assert kubernetes.supported(date(2026, 11, 21)) == ("1.34", "1.35", "1.36", "1.37")
    assert kubernetes.supported(date(2026, 12, 3)) == ("1.35", "1.36", "1.37")


def test_the_day_asked_about_is_today_when_none_is_given():
    assert kubernetes.support("1.30") == Support.ENDED


def test_the_calendar_is_in_order_and_has_a_source():
    numbers = [tuple(map(int, name.split("."))) for name in kubernetes.VERSIONS]
    assert numbers == sorted(numbers)
    for name, version in kubernetes.VERSIONS.items():
        assert version.name == name
        dates = [version.released, version.end_of_standard_support, version.end_of_extended_support]
        assert all(dates) or not any(dates)
        if all(dates):
            assert dates[0] + timedelta(days=365) < dates[1] < dates[2]
    assert kubernetes.SOURCE.startswith("https://docs.aws.amazon.com/eks/")
    assert kubernetes.READ >= date(2026, 11, 1)


@pytest.mark.parametrize(
    ("release", "version"),
    [("1.36.0-20261101", "1.36"), ("1.49.0-5d9ac849", None), ("latest", None), ("1.36", None)],
)
def test_version_of_release(release: str, version: str | None) -> None:
    assert kubernetes.version_of_release(release) == version


@pytest.mark.parametrize(
    ("today", "warned"),
    [
        (kubernetes.READ, False),
        (kubernetes.READ + kubernetes.KNOWN_FOR, False),
        (kubernetes.READ + kubernetes.KNOWN_FOR + timedelta(days=1), True),
        (date(2035, 1, 1), True),
    ],
)
def test_a_release_older_than_its_data_says_so(today: date, warned: bool) -> None:
    warning = kubernetes.out_of_date(today)
    assert (warning is not None) == warned
    assert not warned or f"up to {kubernetes.NEWEST}" in str(warning)
    assert not warned or "upgrade hardened-eks" in str(warning)


@pytest.mark.parametrize(
    ("version", "newer"),
    [
        ("1.38", True),
        ("1.100", True),
        (kubernetes.NEWEST, False),
        ("1.9", False),
        ("", False),
        (1.38, True),
        (None, False),
    ],
)
def test_newer_than_every_version_on_record(version: object, newer: bool) -> None:
    assert kubernetes.is_newer(version) == newer
