from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.stack._tags import FIX, NO_OWNER, TEAMS_CHOICE, tagged
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CF-07",
    title="Resources of a cluster have tags",
    requirement="tags.required",
    types=(
        "AWS::EKS::Nodegroup",
        "AWS::EKS::FargateProfile",
        "AWS::EC2::VPC",
        "AWS::EC2::Subnet",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::IAM::Role",
        "AWS::S3::Bucket",
        "AWS::EC2::Instance",
        "AWS::Lambda::Function",
        "AWS::EFS::FileSystem",
    ),
    needs="resource",
    severity=Severity.LOW,
    why=(
        "Nobody patches a resource that has no owner, and in an incident nobody knows whom to ask about it or which "
        "team pays for it."
    ),
    fix=FIX,
    source="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    blind=(
        "Which tags your organization requires: any user-defined tag passes. Launch templates and the resources that "
        "they tag (instances, volumes, network interfaces): the CDK's Tags apply to those of this library and of "
        "ec2.LaunchTemplate, not to those of ec2.CfnLaunchTemplate. Resources of other types."
    ),
    detective=TEAMS_CHOICE,
)
def required_tags(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "FileSystemTags" if resource.type == "AWS::EFS::FileSystem" else "Tags"
    if not tagged(resource, path):
        yield Problem("it has no tag that names its owner", path, cause=NO_OWNER)
