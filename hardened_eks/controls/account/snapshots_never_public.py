from collections.abc import Iterator

from hardened_eks.controls.account._declared import POLICY, declared
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-07",
    title="EBS snapshots of the account are not public and cannot be made public",
    requirement="node.ebs.snapshots_private",
    types=("AWS::EC2::SnapshotBlockPublicAccess", POLICY),
    needs="resource",
    absence="the setting that blocks public snapshots is missing",
    severity=Severity.HIGH,
    why=(
        "A snapshot of a persistent volume holds the data of a pod. If the snapshot is public, anybody can copy that "
        "data."
    ),
    fix="Deploy `AccountDefaults`, or `OrganizationDefaults` for many accounts.",
    source="https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html",
    blind="A missing setting is reported only if the assembly is complete (--complete).",
    enforced_by="AccountDefaults",
)
def snapshots_never_public(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if setting.type == POLICY:
        for state, path in declared(setting, "snapshot_block_public_access", "state"):
            if state != "block_all_sharing":
                yield Problem(f"snapshots may be public (the state is {state})", path)
        return
    state = setting.get("State", "unblocked")
    if state != "block-all-sharing":
        yield Problem(f"snapshots may be public (State is {state})", "State")
