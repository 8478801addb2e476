"""The pseudo parameters of CloudFormation, asked for once: each is a call into Node."""

from __future__ import annotations

from functools import cache

import aws_cdk as cdk


@cache
def partition() -> str:
    """``aws``, ``aws-cn``, ``aws-us-gov`` ..., at deployment."""
    return cdk.Aws.PARTITION


@cache
def region() -> str:
    """The stack's region, at deployment."""
    return cdk.Aws.REGION


@cache
def account() -> str:
    """The stack's account, at deployment."""
    return cdk.Aws.ACCOUNT_ID


def arn(service: str, resource: str) -> str:
    """Create the ARN of something in the stack's own account and region."""
    return f"arn:{partition()}:{service}:{region()}:{account()}:{resource}"


def managed_policy(name: str) -> str:
    """Create the ARN of a policy that AWS manages, from its path and name."""
    return f"arn:{partition()}:iam::aws:policy/{name}"


@cache
def url_suffix() -> str:
    """``amazonaws.com``, in China ``amazonaws.com.cn``, at deployment."""
    return cdk.Aws.URL_SUFFIX
