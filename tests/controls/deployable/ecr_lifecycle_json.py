import json

from hardened_eks.controls.deployable import ecr_lifecycle_json
from tests.controls.cases import Case, at, change, drop, template


def lifecycle(**selection):
    rule = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 14,
            **selection,
        },
        "action": {"type": "expire"},
    }
    return {"LifecyclePolicyText": json.dumps({"rules": [rule]})}


def lifecycles(*statuses):
    rules = [
        {**json.loads(lifecycle(tagStatus=status)["LifecyclePolicyText"])["rules"][0], "rulePriority": number}
        for number, status in enumerate(statuses, 1)
    ]
    return {"LifecyclePolicyText": json.dumps({"rules": rules})}


CASE = Case(
    ecr_lifecycle_json,
    template({"R": ("AWS::ECR::Repository", {"LifecyclePolicy": lifecycle()})}),
    bad=at(
        "LifecyclePolicy.LifecyclePolicyText",
        {
            "no JSON": change("AWS::ECR::Repository", "LifecyclePolicy.LifecyclePolicyText", "{rules}"),
            "unclosed around a parameter": change(
                "AWS::ECR::Repository",
                "LifecyclePolicy.LifecyclePolicyText",
                {"Fn::Sub": '{"rules": [{"rulePriority": ${Priority}}'},
            ),
            "no rules": change("AWS::ECR::Repository", "LifecyclePolicy.LifecyclePolicyText", "{}"),
            "tag status": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagStatus="none")),
            "count type": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countType="age")),
            "count": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countNumber=0)),
            "tagged without tags": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagStatus="tagged")),
            "tags of untagged images": change(
                "AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagPrefixList=["a"])
            ),
            "no unit": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countUnit=None)),
            "unknown unit": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countUnit="weeks")),
            "unit of a count": change(
                "AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countType="imageCountMoreThan")
            ),
            "unknown key": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagStatuses="any")),
            "any image first": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycles("any", "untagged")),
            "any image twice": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycles("any", "any")),
        },
    ),
    edge={
        "none": drop("AWS::ECR::Repository", "LifecyclePolicy"),
        "around a parameter": change(
            "AWS::ECR::Repository",
            "LifecyclePolicy.LifecyclePolicyText",
            {"Fn::Sub": '{"rules": [{"rulePriority": ${Priority}, ${Rest}}]}'},
        ),
        "any image last": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycles("untagged", "any")),
    },
)
