"""Domain names of AWS that a private cluster resolves, by region and partition; pure."""

from __future__ import annotations

SUFFIXES: dict[str, tuple[str, str]] = {
    "cn-": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "eusc-": ("amazonaws.eu", "api.amazonwebservices.eu"),
    "us-iso-": ("c2s.ic.gov", "api.aws.ic.gov"),
    "us-isob-": ("sc2s.sgov.gov", "api.aws.scloud"),
    "eu-isoe-": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "us-isof-": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
}
"""DNS suffix and dual-stack DNS suffix of the partitions that have their own, by the beginning of a region's name.

Source: ``dnsSuffix`` and ``dualStackDnsSuffix`` of botocore 1.44.8's partitions.json, read 2026-11-29; a test compares.
"""

COMMERCIAL = ("amazonaws.com", "api.aws")
"""DNS suffix and dual-stack DNS suffix of every other region, GovCloud included."""

_FIRST_REGION = "us-east-1"
# Buckets of the first region have names without a region: https://docs.aws.amazon.com/general/latest/gr/s3.html
_OF_THE_FIRST_REGION = ("s3.amazonaws.com", "*.s3.amazonaws.com", "s3-1-w.amazonaws.com", "*.ec2.internal")
# These services put the region before their own name: "name.eu-west-1.elb.amazonaws.com".
_INVERTED = ("eks", "elb", "rds", "vpce")


def suffixes(region: str) -> tuple[str, str]:
    """Return the DNS suffix and the dual-stack DNS suffix of a region."""
    return next((both for start, both in SUFFIXES.items() if region.startswith(start)), COMMERCIAL)


def regional_names(region: str | None, *, written: str, suffix: str | None = None) -> list[str]:
    """Return the domain names of AWS that nodes and pods of one region need, as DNS Firewall takes them.

    Every zone below these names is AWS's own: no customer can have a part of one delegated, so that a query for one
    carries nothing to anybody else.

    Args:
        region: the region's name. None: not known before deployment, and then what the first region needs is included.
        written: what to write for the region.
        suffix: what to write for the DNS suffix. Default: that of `region`.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html and botocore's endpoints
    """
    own, dual_stack = suffixes(region or "")
    own = suffix or own
    names = [f"*.{written}.{own}", *(f"*.{written}.{service}.{own}" for service in _INVERTED)]
    names += [f"*.{written}.{dual_stack}", f"*.{written}.compute.internal"]
    if dual_stack == COMMERCIAL[1]:
        names.append(f"*.{written}.on.aws")  # dual-stack names of ECR registries
    elif own == "amazonaws.com.cn":
        names.append(f"*.{written}.amazonwebservices.com.cn")
    if region in (None, _FIRST_REGION):
        names += _OF_THE_FIRST_REGION
    return names
