"""The code of a function, signed by AWS Signer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hardened_eks._patterns import regex
from hardened_eks._tokens import is_literal
from hardened_eks.errors import Problems

BUCKET: Final = regex(r"(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
"""The name of a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""
_CONFIG: Final = regex(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:code-signing-config:csc-[a-z0-9]{17}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCode:
    """The location of a function's signed archive, and the configuration with which AWS Lambda checks it.

    Write the archive with `ClusterRules.write_code` or `Hook.write_code`, let a signing job of AWS Signer sign it, and
    pass the signed object.

    Raises:
        ConfigurationError: a name, the version or the ARN is invalid. The error lists all mistakes.
    """

    bucket_name: str
    """Name of a bucket in the stack's Region."""
    key: str
    """Key of the signed object."""
    version: str
    """Version of the object; a new signature creates a new version."""
    config_arn: str
    """ARN of the code signing configuration, with the policy ``Enforce``."""

    def __post_init__(self) -> None:
        """Check the values."""
        problems = Problems("SignedCode")
        problems.require(
            isinstance(self.bucket_name, str)
            and (not is_literal(self.bucket_name) or BUCKET.fullmatch(self.bucket_name)),
            f"bucket_name needs the name of a bucket, got {self.bucket_name!r}",
        )
        for name, value in (("key", self.key), ("version", self.version)):
            problems.require(isinstance(value, str) and value.strip(), f"{name} needs a string, got {value!r}")
        problems.require(
            isinstance(self.config_arn, str)
            and (not is_literal(self.config_arn) or _CONFIG.fullmatch(self.config_arn)),
            "config_arn needs the ARN of a code signing configuration, "
            f"arn:aws:lambda:REGION:ACCOUNT:code-signing-config:csc-ID, got {self.config_arn!r}",
        )
        problems.raise_any()
