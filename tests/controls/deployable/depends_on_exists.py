from hardened_eks.controls.deployable import depends_on_exists
from tests.controls.cases import Case, at, template
from tests.controls.deployable.base import depend

ORDERED = template(
    {
        "Cluster": ("AWS::EKS::Cluster", {}),
        "Nodes": {"Type": "AWS::EKS::Nodegroup", "DependsOn": ["Cluster"], "Properties": {}},
        "Cni": {"Type": "AWS::EKS::Addon", "DependsOn": "Cluster", "Properties": {}},
    }
)


def alone(name):
    return lambda body: {
        **body,
        "Resources": {**body["Resources"], "Cni": {**body["Resources"]["Cni"], "DependsOn": name}},
    }


def missing(**sections):
    return {**depend("Nodes", "Cluster", "Role")(ORDERED), **sections}


CASE = Case(
    depends_on_exists,
    ORDERED,
    bad={
        **at(
            "DependsOn.1",
            {
                "no resource": depend("Nodes", "Cluster", "Role"),
                "a parameter": missing(Parameters={"Role": {"Type": "String"}}),
                "itself": depend("Nodes", "Cluster", "Nodes"),
                "a function": depend("Nodes", "Cluster", {"Ref": "Cluster"}),
                "with extensions of the language": missing(Transform="AWS::LanguageExtensions"),
            },
        ),
        **at("DependsOn", {"alone": alone("Role"), "function alone": alone({"Ref": "Cluster"})}),
    },
    edge={
        "nothing": depend("Nodes"),
        "made by a macro": missing(Transform=["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"]),
        "made by a module": depend("Nodes", "NetworkVpc")(
            {**ORDERED, "Resources": {**ORDERED["Resources"], "Network": {"Type": "My::Company::Network::MODULE"}}}
        ),
        "made by a loop": depend("Nodes", "RoleA")(
            {**ORDERED, "Resources": {**ORDERED["Resources"], "Fn::ForEach::Roles": ["R", [], {}]}}
        ),
    },
)
