"""Helpers for the commands that call AWS."""

from __future__ import annotations

from hardened_eks.cli._refusing import refuse


def need_boto3() -> None:
    """Exit with a line that names the package to install if boto3 is missing, as in the single-file checker."""
    try:
        import boto3  # noqa: F401 - to tell whether it is there
    except ImportError as error:
        refuse([f"{error.name} is not installed: pip install 'boto3>=1.43'"])
