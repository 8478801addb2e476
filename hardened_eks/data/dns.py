"""AWS domain names that a private cluster resolves, by Region and partition."""

from __future__ import annotations

SUFFIXES: dict[str, tuple[str, str]] = {
    "cn-": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "eusc-": ("amazonaws.eu", "api.amazonwebservices.eu"),
    "us-iso-": ("c2s.ic.gov", "api.aws.ic.gov"),
    "us-isob-": ("sc2s.sgov.gov", "api.aws.scloud"),
    "eu-isoe-": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "us-isof-": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
}
"""DNS suffix and dual-stack DNS suffix of the partitions with their own, by the prefix of the Region name.

Source: ``dnsSuffix`` and ``dualStackDnsSuffix`` of botocore 1.44.8's partitions.json, read 2026-11-29; a test compares.
"""

COMMERCIAL = ("amazonaws.com", "api.aws")
"""DNS suffix and dual-stack DNS suffix of all other Regions, including GovCloud."""

_FIRST_REGION = "us-east-1"
# Buckets in the first Region have names without a Region: https://docs.aws.amazon.com/general/latest/gr/s3.html
_OF_THE_FIRST_REGION = ("s3.amazonaws.com", "*.s3.amazonaws.com", "s3-1-w.amazonaws.com", "*.ec2.internal")
# These services put the Region before their own name: "name.eu-west-1.elb.amazonaws.com".
_INVERTED = ("eks", "elb", "rds", "vpce")


def suffixes(region: str) -> tuple[str, str]:
    """Return the DNS suffix and the dual-stack DNS suffix of a Region."""
    return next((both for start, both in SUFFIXES.items() if region.startswith(start)), COMMERCIAL)


def regional_names(region: str | None, *, written: str, suffix: str | None = None) -> list[str]:
    """Return the AWS domain names that nodes and pods in one Region need, in the format of DNS Firewall.

    Every zone below these names belongs to AWS: no part can be delegated to a customer, so a query for one sends
    nothing to anybody else.

    Args:
        region: the name of the Region. None: not known before deployment; the names for the first Region are then
            included.
        written: the string to use for the Region.
        suffix: the string to use for the DNS suffix. Default: that of `region`.

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
