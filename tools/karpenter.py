"""Write hardened_eks/data/karpenter.json from the CloudFormation template of a Karpenter release.

Usage: python -m tools.karpenter TEMPLATE.yaml RELEASE SOURCE IMAGE NEWEST_KUBERNETES DAY

TEMPLATE.yaml is the cloudformation.yaml of the guide "Getting Started with Karpenter", at the tag of the release.
SOURCE is its URL with the commit. IMAGE is the controller image with tag and digest, from the values of the chart.
NEWEST_KUBERNETES is from the compatibility matrix. DAY is today, YYYY-MM-DD. The tool prints the permissions that the
release has and the previous one did not have: review them before you commit, and check whether _karpenter_policies.py
must allow them.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

TARGET = Path(__file__).parents[1] / "hardened_eks" / "data" / "karpenter.json"
_LAUNCH = {"ec2:RunInstances", "ec2:CreateFleet", "ec2:CreateLaunchTemplate"}
_KINDS = re.compile(r":([a-z-]+)/\*$")


class _Loader(yaml.SafeLoader):
    """Reads the short forms of CloudFormation as the string or the list that they contain."""


def _short_form(loader: yaml.SafeLoader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return loader.construct_sequence(node) if isinstance(node, yaml.SequenceNode) else None


_Loader.add_multi_constructor("!", _short_form)


def listed(value: Any) -> list[Any]:
    """Return the value if it is a list, or a list that contains it."""
    return value if isinstance(value, list) else [value]


def statements(template: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the statements of the controller's policies, which the template contains as JSON."""
    policies = [
        one["Properties"]["PolicyDocument"]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::IAM::ManagedPolicy"
    ]
    return [statement for policy in policies for statement in json.loads(policy)["Statement"]]


def events(template: dict[str, Any], known: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the events of the template's rules under the known names, which are part of logical IDs."""
    names = {tuple(event): name for name, event in known.items()}
    found = {}
    for name, one in template["Resources"].items():
        if one["Type"] == "AWS::Events::Rule":
            pattern = one["Properties"]["EventPattern"]
            event = (pattern["source"][0], pattern["detail-type"][0])
            found[names.get(event, name.removesuffix("Rule"))] = [*event]
    return found


def read(text: str, known: dict[str, list[str]]) -> dict[str, Any]:
    """Return the data to keep from a template.

    Args:
        text: the template.
        known: the recorded events, by name.

    Raises:
        KeyError, ValueError: the template has another structure than earlier ones.
    """
    template = yaml.load(text, _Loader)
    found = statements(template)
    actions = {action for statement in found for action in listed(statement["Action"])}
    launching = next(one for one in found if set(listed(one["Action"])) == _LAUNCH)
    tagging = next(one for one in found if "ForAllValues:StringEquals" in one.get("Condition", {}))
    return {
        "events": events(template, known),
        "describe": sorted(action for action in actions if action.startswith("ec2:Describe")),
        "queue": sorted(action for action in actions if action.startswith("sqs:")),
        "created": sorted(match[1] for one in listed(launching["Resource"]) if (match := _KINDS.search(one))),
        "instance_tags": sorted(tagging["Condition"]["ForAllValues:StringEquals"]["aws:TagKeys"]),
        "actions": sorted(actions),
    }


def main() -> None:
    """Write the file, and print the differences."""
    file, release, source, image, newest, day = sys.argv[1:]
    before = json.loads(TARGET.read_text(encoding="utf-8"))
    kept = read(Path(file).read_text(encoding="utf-8"), before["events"])
    known, actions = set(before["actions"]), set(kept["actions"])
    head = {"source": source, "read": day, "release": release, "image": image, "newest_kubernetes": newest}
    document = {**before, **head, **kept}
    TARGET.write_text(f"{json.dumps(document, indent=2)}\n", encoding="utf-8")
    print("new:", ", ".join(sorted(actions - known)) or "nothing")
    print("gone:", ", ".join(sorted(known - actions)) or "nothing")


if __name__ == "__main__":
    main()
