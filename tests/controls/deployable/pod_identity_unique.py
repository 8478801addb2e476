from hardened_eks.controls.deployable import pod_identity_unique
from tests.controls.cases import Bad, Case, change, hide, template
from tests.controls.deployable.base import ROLE

POD = "AWS::EKS::PodIdentityAssociation"
OF = {"ClusterName": "prod", "Namespace": "a", "ServiceAccount": "b", "RoleArn": ROLE}
TWO = template({"A": (POD, OF), "B": (POD, {**OF, "ServiceAccount": "c"})})


def again(body):
    """Repeat the first association under another logical id."""
    first = next(one for one in body["Resources"].values() if one["Type"] == POD)
    return {**body, "Resources": {**body["Resources"], "Again": first}}


CASE = Case(
    pod_identity_unique,
    TWO,
    bad={
        "second": Bad(again, "ServiceAccount"),
        "another role": Bad(template({"A": (POD, OF), "B": (POD, {**OF, "RoleArn": f"{ROLE}-2"})}), "ServiceAccount"),
        "all alike": Bad(change(POD, "ServiceAccount", "b"), "ServiceAccount"),
        "alike and hidden": Bad(hide(POD, "ServiceAccount"), "ServiceAccount"),
    },
    edge={
        "another namespace": template({"A": (POD, OF), "B": (POD, {**OF, "Namespace": "c"})}),
        "another cluster": template({"A": (POD, OF), "B": (POD, {**OF, "ClusterName": "test"})}),
    },
)
