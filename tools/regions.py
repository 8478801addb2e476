"""Write `hardened_eks/data/regions.json` from botocore's Regions and the provider schemas in cfn-lint.

    python -m tools.regions            # write the file
    python -m tools.regions --check    # exit with 1 if the file is stale

For some Regions cfn-lint has no schemas: it contains a copy of the us-east-1 schemas, or no file. The types that these
Regions lack are therefore unknown. Facts that no package contains are in the handwritten file
`hardened_eks/data/regions_read.json`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import botocore.session
import cfnlint

from hardened_eks import _clock

FILE = Path(__file__).parents[1] / "hardened_eks" / "data" / "regions.json"
SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas" / "providers"
HOME = "us-east-1"
TYPES = (
    "AWS::AuditManager::Assessment",
    "AWS::Backup::BackupPlan",
    "AWS::Backup::RestoreTestingPlan",
    "AWS::Chatbot::MicrosoftTeamsChannelConfiguration",
    "AWS::Chatbot::SlackChannelConfiguration",
    "AWS::CloudFormation::LambdaHook",
    "AWS::CloudWatch::LogAlarm",
    "AWS::Config::ConfigurationAggregator",
    "AWS::Config::ConformancePack",
    "AWS::Config::OrganizationConformancePack",
    "AWS::Config::RemediationConfiguration",
    "AWS::EC2::VPCEncryptionControl",
    "AWS::ECR::SigningConfiguration",
    "AWS::EKS::Capability",
    "AWS::EKS::FargateProfile",
    "AWS::EKS::PodIdentityAssociation",
    "AWS::Events::ApiDestination",
    "AWS::GuardDuty::Detector",
    "AWS::NetworkFirewall::Firewall",
    "AWS::RolesAnywhere::TrustAnchor",
    "AWS::Route53Resolver::FirewallRuleGroup",
    "AWS::SSM::ServiceSetting",
    "AWS::SecurityHub::Hub",
    "AWS::Signer::SigningProfile",
)
"""Types that a hardened cluster can need and that a Region can lack."""


def partitions() -> dict[str, list[str]]:
    """Return the Regions of each partition."""
    session = botocore.session.get_session()
    names = sorted(session.get_available_partitions())
    return {name: sorted(session.get_available_regions("ec2", partition_name=name)) for name in names}


def known(region: str) -> bool:
    """Return whether cfn-lint has separate schemas for the Region."""
    file = SCHEMAS / f"{region}.json"
    home = SCHEMAS / f"{HOME}.json"
    return region == HOME or (file.exists() and file.read_bytes() != home.read_bytes())


def document(read: str) -> dict[str, Any]:
    """Return the file's content, with the date on which the packages were read."""
    found = partitions()
    regions = [region for names in found.values() for region in names]
    schemas = {
        region: json.loads((SCHEMAS / f"{region}.json").read_text("utf-8")) for region in regions if known(region)
    }
    return {
        "source": (
            f"regions of botocore {version('botocore')}; CloudFormation provider schemas by region, as cfn-lint "
            f"{version('cfn-lint')} carries them"
        ),
        "read": read,
        "partitions": found,
        "unknown": sorted(set(regions) - set(schemas)),
        "without": {type_: sorted(name for name, has in schemas.items() if type_ not in has) for type_ in TYPES},
    }


def text(content: dict[str, Any]) -> str:
    """Return the content as JSON, one entry per line."""
    parts = []
    for key, value in content.items():
        if isinstance(value, dict):
            lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in value.items())
            parts.append(f" {json.dumps(key)}: {{\n{lines}\n }}")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with ``--check`` report whether it is stale."""
    if "--check" in arguments:
        stored = json.loads(FILE.read_text(encoding="utf-8"))
        fresh = document(stored["read"])
        stale = any(stored[key] != fresh[key] for key in ("partitions", "unknown", "without"))
        sys.stdout.write("hardened_eks/data/regions.json is stale: python -m tools.regions\n" if stale else "")
        return int(stale)
    FILE.write_text(text(document(_clock.today().isoformat())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
