from hardened_eks.controls.deployable import cluster_stays
from tests.controls.cases import ITSELF, Bad, Case, both, template
from tests.controls.deployable.base import CL, without

DEPLOYED = {
    "Role": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}}),
    "Cluster": (CL, {"Name": "prod", "DeletionProtection": False}),
    "Kept": {"Type": CL, "DeletionPolicy": "Retain", "Properties": {"Name": "kept"}},
    "KeptUnlessNew": {"Type": CL, "DeletionPolicy": "RetainExceptOnCreate", "Properties": {"Name": "kept-too"}},
    "Protected": {"Type": CL, "DeletionPolicy": "Delete", "Properties": {"DeletionProtection": True}},
}
OTHER = {**DEPLOYED, "Cluster": (CL, {"Name": "other"})}


def conditional(expression):
    """Return the deployed template, with a condition for the cluster and for the first resource."""
    made = template(
        {
            **{name: {**body, "Condition": "Wanted"} for name, body in template(DEPLOYED)["Resources"].items()},
            "Topic": ("AWS::SNS::Topic", {}),
        }
    )
    for kept in ("Kept", "KeptUnlessNew", "Protected"):
        del made["Resources"][kept]["Condition"]
    return {
        **made,
        "Parameters": {"Stage": {"Type": "String"}},
        "Conditions": {"Wanted": expression},
    }


CASE = Case(
    cluster_stays,
    template(DEPLOYED),
    bad={
        "removed": Bad(without("Cluster"), ITSELF),
        "kept": Bad(without("Kept"), ITSELF),
        "kept unless it is new": Bad(without("KeptUnlessNew"), ITSELF),
        "protected": Bad(without("Protected"), ITSELF),
        "two of them": Bad(both(without("Cluster"), without("Kept")), ITSELF),
        "switched off": Bad(conditional({"Fn::Equals": ["yes", "no"]}), ITSELF),
        "perhaps switched off": Bad(conditional({"Fn::Equals": [{"Ref": "Stage"}, "prod"]}), ITSELF),
        "all of them": Bad(template({"Role": DEPLOYED["Role"]}), ITSELF),
    },
    edge={
        "renamed: DP-24 says so": template({"Role": DEPLOYED["Role"], "Renamed": DEPLOYED["Cluster"]}),
        "one more": template({**DEPLOYED, "Second": (CL, {"Name": "second"})}),
        "changed": template(OTHER),
        "under a condition that is true": conditional({"Fn::Equals": ["yes", "yes"]}),
    },
    previous=template(DEPLOYED),
)
