from hardened_eks.controls.deployable import names_unique
from tests.controls.cases import Bad, Case, change, template

ROLE, RULE = "AWS::IAM::Role", "AWS::Events::Rule"
OWN = {"Fn::Sub": "${AWS::StackName}-nodes"}


def roles(*names):
    return template({f"R{n}": (ROLE, {"RoleName": name}) for n, name in enumerate(names)})


def either(name):
    made = {"Type": ROLE, "Properties": {"RoleName": name}}
    return template({"New": {**made, "Condition": "New"}, "Old": {**made, "Condition": "Old"}})


CASE = Case(
    names_unique,
    roles("nodes", "pods"),
    bad={
        "twice": Bad(change(ROLE, "RoleName", "nodes"), "RoleName"),
        "of the stack": Bad(change(ROLE, "RoleName", OWN), "RoleName"),
        "rules of one bus": Bad(
            template({n: (RULE, {"Name": "alerts", "EventBusName": "team"}) for n in ("A", "B")}), "Name"
        ),
    },
    edge={
        "left out": template({"A": (ROLE, {}), "B": (ROLE, {})}),
        "rules of two buses": template(
            {"A": (RULE, {"Name": "alerts"}), "B": (RULE, {"Name": "alerts", "EventBusName": "team"})}
        ),
        "one or the other": either("nodes"),
        "chosen": change(ROLE, "RoleName", {"Fn::If": ["New", "a", {"Ref": "AWS::NoValue"}]}),
        "of other kinds": template(
            {"A": ("AWS::SNS::Topic", {"TopicName": "alerts"}), "B": ("AWS::SQS::Queue", {"QueueName": "alerts"})}
        ),
    },
)
