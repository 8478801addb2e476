from hardened_eks.controls.deployable import delivery_role_ready
from tests.controls.cases import Bad, Case, at, both, change, template
from tests.controls.deployable.base import ROLE, depend, without


def streaming(kind, path):
    parts = {key: DELIVERED["Resources"][key] for key in ("Role", "Policy")}
    return change(kind, path, {"Fn::GetAtt": ["Role", "Arn"]})(template({**parts, "Stream": (kind, {})}))


DELIVERED = depend("Flow", "Policy")(
    template(
        {
            "Role": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}}),
            "Policy": ("AWS::IAM::Policy", {"Roles": [{"Ref": "Role"}], "PolicyName": "p", "PolicyDocument": {}}),
            "Flow": ("AWS::EC2::FlowLog", {"DeliverLogsPermissionArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
        }
    )
)

CASE = Case(
    delivery_role_ready,
    DELIVERED,
    bad={
        **at(
            "DeliverLogsPermissionArn",
            {
                "no dependency": depend("Flow"),
                "no policy": without("Policy"),
                "dependency elsewhere": depend("Flow", "Role"),
            },
        ),
        "delivery stream": Bad(
            streaming("AWS::KinesisFirehose::DeliveryStream", "S3DestinationConfiguration.RoleARN"),
            "S3DestinationConfiguration.RoleARN",
        ),
        "subscription": Bad(streaming("AWS::Logs::SubscriptionFilter", "RoleArn"), "RoleArn"),
    },
    edge={
        "inline": both(without("Policy"), change("AWS::IAM::Role", "Policies", [{"PolicyName": "p"}]), depend("Flow")),
        "foreign role": change("AWS::EC2::FlowLog", "DeliverLogsPermissionArn", ROLE),
    },
)
