"""`make oscal`: write and validate the evidence of an example, for a framework with a catalog and one without."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tools.oscal import UnavailableError, pinned, validate

EXAMPLE = """\
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      DeletionProtection: true
      ResourcesVpcConfig: {EndpointPublicAccess: true, EndpointPrivateAccess: true, SubnetIds: [subnet-1, subnet-2]}
  Nodes:
    Type: AWS::EKS::Nodegroup
    Properties: {ClusterName: !Ref Cluster, LaunchTemplate: {Id: lt-1, Version: "1"}}
"""
WAIVERS = """\
waivers:
  - control: CP-01
    resource: Cluster
    reason: The endpoint moves in March
    until: 2027-03-31
    approver: jane
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        template = Path(scratch, "template.yaml")
        template.write_text(EXAMPLE, encoding="utf-8")
        waivers = Path(scratch, "waivers.yaml")
        waivers.write_text(WAIVERS, encoding="utf-8")
        judged = sys.argv[1:] or [str(template), "--waivers", str(waivers), "--today", "2026-11-29"]
        folders = []
        for framework in ("nist-800-53-r5", "cis-eks"):
            folder = Path(scratch, framework)
            command = [sys.executable, "-m", "hardened_eks.cli", "evidence", *judged, "-o", str(folder)]
            run = subprocess.run([*command, "--framework", framework], capture_output=True, text=True, check=False)
            if run.returncode not in {0, 1}:
                sys.exit(run.stderr)
            folders.append(folder / "oscal")
        try:
            found = validate(folders)
        except UnavailableError as error:
            sys.exit(f"not validated: {error}")
        documents = sum(len(list(folder.glob("*.json"))) for folder in folders)
    sys.exit("\n".join(found) if found else print(f"{documents} documents are valid by {pinned()}"))


if __name__ == "__main__":
    main()
