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
