"""What the commands that ask AWS share."""

from __future__ import annotations

from hardened_eks.cli._options import refuse


def need_boto3() -> None:
    """End with a line that names what to install where AWS cannot be asked, as in the single-file checker."""
    try:
        import boto3  # noqa: F401 - to tell whether it is there
    except ImportError as error:
        refuse([f"{error.name} is not installed: pip install 'boto3>=1.43'"])
