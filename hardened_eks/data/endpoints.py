"""VPC endpoint services of AWS, by short name; pure, with its source in ``endpoints.json``."""

from __future__ import annotations

import json
from importlib.resources import files

_DOCUMENT = json.loads(files("hardened_eks.data").joinpath("endpoints.json").read_text(encoding="utf-8"))

INTERFACE: tuple[str, ...] = tuple(_DOCUMENT["interface"])
"""Services with an interface endpoint, for example ``ecr.api``."""

GATEWAY: tuple[str, ...] = tuple(_DOCUMENT["gateway"])
"""Services with a gateway endpoint."""

PRIVATE_CLUSTER = (
    "ecr.api",
    "ecr.dkr",
    "ec2",
    "eks-auth",
    "eks",
    "sts",
    "logs",
    "ssm",
    "ssmmessages",
    "secretsmanager",
)
"""What nodes of a cluster without a way out need, besides S3.

Source: https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
"""
