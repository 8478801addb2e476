from hardened_eks.controls.network import dns_query_log
from tests.controls.cases import Case, ITSELF, add, at, both, hide, without
from tests.controls.network.base import HOME, VPC, edit

CONFIG = "AWS::Route53Resolver::ResolverQueryLoggingConfig"
ASSOCIATION = "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation"

LOGGED = add(
    Group=("AWS::Logs::LogGroup", {}),
    Log=(CONFIG, {"DestinationArn": {"Fn::GetAtt": ["Group", "Arn"]}}),
    Logged=(ASSOCIATION, {"ResolverQueryLogConfigId": {"Ref": "Log"}, "ResourceId": {"Ref": "Vpc"}}),
)(HOME)

CASE = Case(
    dns_query_log,
    LOGGED,
    bad=at(
        ITSELF,
        {
            "no log": without("Log", "Logged"),
            "not associated": without("Logged"),
            "of another VPC": both(add(Other=(VPC, {})), edit("Logged", ResourceId={"Ref": "Other"})),
            "VPC hidden": hide(ASSOCIATION, "ResourceId"),
            "configuration by id": edit("Logged", ResolverQueryLogConfigId="rqlc-1"),
            "to another account": edit("Log", DestinationArn="arn:aws:logs:eu-west-1:999999999999:log-group:x"),
            "to a bucket of somebody's": edit("Log", DestinationArn="arn:aws:s3:::queries"),
            "destination hidden": hide(CONFIG, "DestinationArn"),
        },
    ),
    edge={
        "to a bucket": both(
            add(Bucket=("AWS::S3::Bucket", {})), edit("Log", DestinationArn={"Fn::GetAtt": ["Bucket", "Arn"]})
        ),
        "a group of the account": edit(
            "Log", DestinationArn={"Fn::Sub": "arn:${AWS::Partition}:logs:eu-west-1:${AWS::AccountId}:log-group:x"}
        ),
        "no cluster": without("Cluster", "Logged"),
    },
)
