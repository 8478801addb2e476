"""Detection on the principal that applies the in-cluster baseline, which should act only during deployments."""

from hardened_eks.detections import clauses as c
from hardened_eks.detections.model import Detection, Severity

_GROUP = "hardened-eks:delivery"

K8S_DELIVERY = (
    Detection(
        id="k8s-delivery-misused",
        title="The principal that delivers the baseline did something that no deployment does",
        severity=Severity.CRITICAL,
        default=True,
        why=(
            "The group hardened-eks:delivery writes admission policies, namespaces and roles. In deployments its one "
            "member, the kubectl handler of Workloads, gets, creates and patches objects with kubectl; anything else "
            "is somebody with its credentials or its group."
        ),
        first=(
            c.records(f"@message like '\"{_GROUP}\"'"),
            (
                "Compare the times with the stack's events: `aws cloudformation describe-stack-events --stack-name "
                "STACK`. No deployment at that time: take the access away, `aws eks delete-access-entry "
                "--cluster-name <cluster> --principal-arn ROLE_ARN`; a deployment brings it back."
            ),
            (
                "See who is in the group: `aws eks list-access-entries --cluster-name <cluster>`, then `aws eks "
                "describe-access-entry` for each. Delete every entry but that of the handler."
            ),
            (
                "See whether the functions of the handler were changed: UpdateFunctionCode and "
                "UpdateFunctionConfiguration in CloudTrail."
            ),
            (
                "Compare policies and roles with the reviewed settings: `hardened-eks manifests SETTINGS.yaml | "
                "kubectl diff -f -`."
            ),
        ),
        expressions=(
            c.audit(
                c.any_of(*(c.one_of(f"user.groups[{index}]", _GROUP) for index in range(3))),
                c.COMPLETE,
                c.any_of(
                    c.none_of("user.username", f"{_GROUP}:*"),
                    c.none_of("userAgent", "kubectl/*"),
                    c.none_of("verb", "get", "create", "patch"),
                    c.one_of("objectRef.resource", "secrets", "pods", "deployments"),
                    c.one_of("objectRef.subresource", "*"),
                    c.one_of("impersonatedUser.username", "*"),
                    "$.responseStatus.code = 403",
                ),
            ),
        ),
        false_positives=(
            "Deployments before an administrator has applied what `hardened-eks manifests --bootstrap` prints: they "
            "are refused (403)."
        ),
        technique="T1078.004",
        requirements=(*c.SURGE, "k8s.rbac.escalate_bind_impersonate", "k8s.policy_engine"),
        blind=(
            "Somebody who has the handler's credentials and works as it does. Workloads(alerts=...) reports requests "
            "while its functions do not run."
        ),
    ),
)
