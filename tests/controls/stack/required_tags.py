from hardened_eks.controls.stack import required_tags
from tests.controls.cases import Bad, Case, at, change, drop, hide, template
from tests.controls.stack.base import FARGATE, FUNCTION, HOST, NODES, OWNED, listed


def mapped(type_):
    """Return the case of a type whose tags are a mapping."""
    return {
        "bad": at(
            "Tags",
            {
                "none": drop(type_, "Tags"),
                "empty": change(type_, "Tags", {}),
                "its name": change(type_, "Tags", {"Name": "one"}),
                "Kubernetes's": change(type_, "Tags", {"kubernetes.io/cluster/one": "owned", "Name": "one"}),
                "the autoscaler's": change(type_, "Tags", {"k8s.io/cluster-autoscaler/enabled": "true"}),
                "AWS's": change(type_, "Tags", {"eks:cluster-name": "one"}),
                "hidden": hide(type_, "Tags"),
            },
        ),
        "edge": {
            "beside others": change(type_, "Tags", {"Name": "one", "team": "payments"}),
            "value in a parameter": hide(type_, "Tags.application"),
        },
    }


NETWORK = "AWS::EC2::VPC"
BUCKET = "AWS::S3::Bucket"
LIST = listed(NETWORK)
MAP = mapped(NODES)

LISTED = (
    FARGATE,
    NETWORK,
    "AWS::EC2::Subnet",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
    BUCKET,
    HOST,
    FUNCTION,
)

FILES = "AWS::EFS::FileSystem"

TAGGED = template(
    {
        **{t.replace(":", ""): (t, {"Tags": OWNED}) for t in LISTED},
        "Nodes": (NODES, {"Tags": {"application": "payments"}}),
        "Files": (FILES, {"FileSystemTags": OWNED}),
    }
)

CASE = Case(
    required_tags,
    TAGGED,
    bad={
        **at("Tags", {f"{t.rsplit(':', 1)[1]} without": drop(t, "Tags") for t in (*LISTED, NODES)}),
        **at(
            "Tags",
            {f"{t.rsplit(':', 1)[1]} by name": change(t, "Tags", [{"Key": "Name", "Value": "x"}]) for t in LISTED},
        ),
        **{f"list, {name}": bad for name, bad in LIST["bad"].items()},
        **{f"mapping, {name}": bad for name, bad in MAP["bad"].items()},
        "files without": Bad(drop(FILES, "FileSystemTags"), "FileSystemTags"),
        "files by name": Bad(change(FILES, "FileSystemTags", [{"Key": "Name", "Value": "x"}]), "FileSystemTags"),
    },
    edge={
        **{f"list, {name}": mutation for name, mutation in LIST["edge"].items()},
        **{f"mapping, {name}": mutation for name, mutation in MAP["edge"].items()},
        "what takes no tags": template({"Route": ("AWS::EC2::Route", {})}),
    },
)
