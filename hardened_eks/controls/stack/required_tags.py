from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.controls.stack._tags import FIX, NO_OWNER, TEAMS_CHOICE, tagged
from hardened_eks.evidence import Assembly, Resource


@control(
    id="CF-07",
    title="Resources of a cluster carry tags",
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
    why="What nobody owns is patched by nobody, and cannot be found or charged in an incident.",
    fix=FIX,
    source="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    blind=(
        "Which tags are meant: any tag of the user's own passes. Launch templates and what they tag (instances, "
        "volumes, interfaces): the CDK's Tags reach those of this library and of ec2.LaunchTemplate, not of "
        "ec2.CfnLaunchTemplate. Resources of other types."
    ),
    detective=TEAMS_CHOICE,
)
def required_tags(resource: Resource, assembly: Assembly) -> Iterator[Problem]:
    path = "FileSystemTags" if resource.type == "AWS::EFS::FileSystem" else "Tags"
    if not tagged(resource, path):
        yield Problem("it has no tag of its owner", path, cause=NO_OWNER)
