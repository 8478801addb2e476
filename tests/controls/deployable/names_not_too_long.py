from hardened_eks.controls.deployable import names_not_too_long
from tests.controls.cases import Bad, Case, change, drop, template
from tests.controls.deployable.base import CL, cluster

CASE = Case(
    names_not_too_long,
    cluster(Name="prod"),
    bad={
        "cluster": Bad(change(CL, "Name", "a" * 101), "Name"),
        "characters": Bad(change(CL, "Name", "prod.eu"), "Name"),
        "role": Bad(template({"R": ("AWS::IAM::Role", {"RoleName": "r" * 65})}), "RoleName"),
        "repository": Bad(template({"R": ("AWS::ECR::Repository", {"RepositoryName": "Team/App"})}), "RepositoryName"),
        "alias": Bad(template({"R": ("AWS::KMS::Alias", {"AliasName": "logs"})}), "AliasName"),
        "group": Bad(template({"R": ("AWS::EC2::SecurityGroup", {"GroupName": "sg-nodes"})}), "GroupName"),
        "long whatever is filled in": Bad(change(CL, "Name", {"Fn::Sub": "${AWS::StackName}" + "a" * 101}), "Name"),
        "profile": Bad(
            template({"R": ("AWS::IAM::InstanceProfile", {"InstanceProfileName": "r" * 129})}), "InstanceProfileName"
        ),
        "policy": Bad(template({"R": ("AWS::IAM::Policy", {"PolicyName": "r" * 129})}), "PolicyName"),
        "user": Bad(template({"R": ("AWS::IAM::User", {"UserName": "r" * 65})}), "UserName"),
        "function": Bad(template({"R": ("AWS::Lambda::Function", {"FunctionName": "r" * 65})}), "FunctionName"),
        "alarm": Bad(template({"R": ("AWS::CloudWatch::Alarm", {"AlarmName": "r" * 256})}), "AlarmName"),
        "trail": Bad(template({"R": ("AWS::CloudTrail::Trail", {"TrailName": "ab"})}), "TrailName"),
        "secret": Bad(template({"R": ("AWS::SecretsManager::Secret", {"Name": "a b"})}), "Name"),
        "Auto Scaling group": Bad(
            template({"R": ("AWS::AutoScaling::AutoScalingGroup", {"AutoScalingGroupName": "a:b"})}),
            "AutoScalingGroupName",
        ),
    },
    edge={"generated": drop(CL, "Name"), "100": change(CL, "Name", "a" * 100)},
)
