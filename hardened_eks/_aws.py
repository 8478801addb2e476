"""The pseudo parameters of CloudFormation, cached because each read is a call into Node."""

from __future__ import annotations

from functools import cache
from typing import Any

import aws_cdk as cdk


@cache
def partition() -> str:
    """Return the token of the partition: ``aws``, ``aws-cn``, ``aws-us-gov`` ..."""
    return cdk.Aws.PARTITION


@cache
def region() -> str:
    """Return the token of the stack's Region."""
    return cdk.Aws.REGION


@cache
def account() -> str:
    """Return the token of the stack's account."""
    return cdk.Aws.ACCOUNT_ID


def arn(service: str, resource: str) -> str:
    """Return the ARN of a resource in the stack's account and Region."""
    return f"arn:{partition()}:{service}:{region()}:{account()}:{resource}"


def managed_policy(name: str) -> str:
    """Return the ARN of an AWS managed policy, from its path and name."""
    return f"arn:{partition()}:iam::aws:policy/{name}"


def through(*services: str) -> dict[str, Any]:
    """Return the condition that a service in the stack's Region uses a key on behalf of the caller.

    AWS documents the value only for the domain ``amazonaws.com``; KMS sets it, so nobody else can use another domain.
    Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    return {"StringLike": {"kms:ViaService": via(*services)}}


def via(*services: str) -> str | list[str]:
    """Return the patterns of ``kms:ViaService`` for services in the stack's Region, in every partition."""
    found = [f"{service}.{region()}.amazonaws.*" for service in services]
    return found if len(found) > 1 else found[0]


@cache
def url_suffix() -> str:
    """Return the token of the domain: ``amazonaws.com``, in China ``amazonaws.com.cn``."""
    return cdk.Aws.URL_SUFFIX


@cache
def thirty_days() -> cdk.Duration:
    """Return the longest time between the deletion of a key and the loss of its data, created once."""
    return cdk.Duration.days(30)
