"""Links from the control pages to the published frameworks."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from hardened_eks.controls.frameworks import OWN, frameworks, requirements

if TYPE_CHECKING:
    from collections.abc import Iterable

_AWS: Final = "https://docs.aws.amazon.com"
LINKS: Final = {
    "bpg": f"{_AWS}/eks/latest/best-practices/introduction.html",
    "cdk-nag": "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md",
    "checkov": "https://www.checkov.io/5.Policy%20Index/cloudformation.html",
    "cis-eks": "https://www.cisecurity.org/benchmark/kubernetes",
    "cis-eks-2.0.0": "https://www.cisecurity.org/benchmark/kubernetes",
    "config": f"{_AWS}/config/latest/developerguide/managed-rules-by-aws-config.html",
    "controltower": f"{_AWS}/controltower/latest/controlreference/controls.html",
    "guard": "https://github.com/aws-cloudformation/aws-guard-rules-registry",
    "hardeneks": "https://github.com/aws-samples/hardeneks",
    "hipaa": "https://www.hhs.gov/hipaa/for-professionals/security/index.html",
    "iso-27001-2022": "https://www.iso.org/standard/27001",
    "kics": "https://docs.kics.io/latest/queries/",
    "kubescape": "https://kubescape.io/docs/controls/",
    "nist-800-171-r2": "https://csrc.nist.gov/pubs/sp/800/171/r2/upd1/final",
    "nist-800-53-r4": "https://csrc.nist.gov/pubs/sp/800/53/r4/upd3/final",
    "nist-800-53-r5": "https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final",
    "nsa": "https://github.com/aquasecurity/trivy-checks/blob/main/pkg/specs/compliance/k8s-nsa-1.0.yaml",
    "pci-dss-3.2.1": "https://www.pcisecuritystandards.org/document_library/",
    "pci-dss-4.0": "https://www.pcisecuritystandards.org/document_library/",
    "pci-dss-4.0.1": "https://www.pcisecuritystandards.org/document_library/",
    "prowler": "https://hub.prowler.com/",
    "prowler-k8s": "https://hub.prowler.com/",
    "pss": "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    "sechub": f"{_AWS}/securityhub/latest/userguide/securityhub-controls-reference.html",
    OWN: "../sources.md",
    "soc2": "https://www.aicpa-cima.com/topic/audit-assurance/audit-and-assurance-greater-than-soc-2",
    "stig": "https://public.cyber.mil/stigs/",
    "trivy": "https://avd.aquasec.com/",
}
"""Map from framework ID to its home page; the source documents link to their page in this reference."""


def listed(keys: Iterable[str]) -> list[str]:
    """Return the frameworks that contain the given requirements, as lines of a Markdown list with links.

    Args:
        keys: requirement keys.
    """
    asked: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        for framework, ids in requirements()[key].references.items():
            asked[framework] += [id_ for id_ in ids if id_ not in asked[framework]]
    return [
        f"- {_name(framework)}: {', '.join(_linked(framework, id_) for id_ in ids)}" for framework, ids in asked.items()
    ]


def _name(framework: str) -> str:
    one = frameworks()[framework]
    return f"[{f'{one.title} {one.version}'.strip()}]({LINKS[framework]})"


def _linked(framework: str, id_: str) -> str:
    """Return an ID, with a link if the framework has a page for it."""
    if framework == "config" and re.fullmatch(r"[A-Z0-9_]+", id_):
        return f"[{id_}]({_AWS}/config/latest/developerguide/{id_.lower().replace('_', '-')}.html)"
    if framework == "sechub" and (match := re.fullmatch(r"([A-Za-z0-9]+)\.(\d+)", id_)):
        service = match[1].lower()
        return f"[{id_}]({_AWS}/securityhub/latest/userguide/{service}-controls.html#{service}-{match[2]})"
    return id_
