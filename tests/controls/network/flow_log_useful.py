from hardened_eks.controls.network import flow_log_useful
from tests.controls.cases import Bad, Case, add, at, both, change, drop, hide, template

LOG = "AWS::EC2::FlowLog"
FORMAT = "LogFormat"
WHOLE = "${interface-id} ${srcaddr} ${dstaddr} ${dstport} ${protocol} ${start} ${action}"

FLOWING = template(
    {
        "Group": ("AWS::Logs::LogGroup", {}),
        "Log": (
            LOG,
            {
                "ResourceId": "vpc-1",
                "ResourceType": "VPC",
                "LogDestination": {"Fn::GetAtt": ["Group", "Arn"]},
                FORMAT: WHOLE,
            },
        ),
    }
)


def destination(arn):
    return change(LOG, "LogDestination", arn)


CASE = Case(
    flow_log_useful,
    FLOWING,
    bad={
        **at(
            FORMAT,
            {
                "one field": change(LOG, FORMAT, "${version}"),
                "no verdict": change(LOG, FORMAT, WHOLE.replace(" ${action}", "")),
                "no peer": change(LOG, FORMAT, WHOLE.replace("${dstaddr} ", "")),
                "empty": change(LOG, FORMAT, ""),
                "hidden": hide(LOG, FORMAT),
            },
        ),
        **at(
            "LogDestination",
            {
                "a bucket of somebody's": destination("arn:aws:s3:::flows"),
                "another account's group": destination("arn:aws:logs:eu-west-1:999999999999:log-group:flows"),
                "hidden": hide(LOG, "LogDestination"),
            },
        ),
        "delivered by another account": Bad(
            change(LOG, "DeliverCrossAccountRole", "arn:aws:iam::999999999999:role/r"), "DeliverCrossAccountRole"
        ),
    },
    edge={
        "default format": drop(LOG, FORMAT),
        "addresses of the packet": change(
            LOG, FORMAT, WHOLE.replace("srcaddr", "pkt-srcaddr").replace("dstaddr", "pkt-dstaddr")
        ),
        "a bucket": both(
            add(Bucket=("AWS::S3::Bucket", {})),
            destination({"Fn::Join": ["/", [{"Fn::GetAtt": ["Bucket", "Arn"]}, "x"]]}),
        ),
        "a group by name": both(drop(LOG, "LogDestination"), change(LOG, "LogGroupName", "flows")),
        "a group of the account": destination(
            {"Fn::Sub": "arn:${AWS::Partition}:logs:eu-west-1:${AWS::AccountId}:log-group:flows"}
        ),
    },
)
