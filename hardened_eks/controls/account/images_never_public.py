from collections.abc import Iterator

from hardened_eks.controls.account._declared import POLICY, declared
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-04",
    title="AMIs of the account cannot be made public",
    requirement="account.ami_public_block",
    types=("AWS::EC2::ImageBlockPublicAccess", POLICY),
    needs="resource",
    absence="the setting that blocks public AMIs is missing",
    severity=Severity.MEDIUM,
    why="A public AMI exposes its disk to everybody, with everything that a build left on it.",
    fix=(
        "Run `aws ec2 enable-image-block-public-access --image-block-public-access-state block-new-sharing` in each "
        "Region, or deploy `OrganizationDefaults`."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html",
    blind=(
        "AMIs that are already public stay public: list yours with `aws ec2 describe-images --owners self`. Templates "
        "show only the settings of a declarative policy."
    ),
    enforced_by="OrganizationDefaults",
)
def images_never_public(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if setting.type == POLICY:
        for state, path in declared(setting, "image_block_public_access", "state"):
            if state != "block_new_sharing":
                yield Problem(f"images can be made public (the state is {state})", path)
        return
    state = setting.get("State", "unblocked")
    if state != "block-new-sharing":
        yield Problem(f"images can be made public (the state is {state})", "State")
