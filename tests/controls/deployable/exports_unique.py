from hardened_eks.controls.deployable import exports_unique
from tests.controls.cases import Case, at, template

VPC = {"Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"})}


def exporting(*names, **more):
    return template(
        VPC,
        Outputs={f"Out{n}": {"Value": {"Ref": "Vpc"}, "Export": {"Name": one}, **more} for n, one in enumerate(names)},
    )


OWN = {"Fn::Sub": "${AWS::StackName}-vpc"}

CASE = Case(
    exports_unique,
    exporting("network-vpc", "network-range"),
    bad=at(
        "Export.Name",
        {
            "twice": exporting("network-vpc", "network-vpc"),
            "of the stack": exporting(OWN, {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "vpc"]]}),
            "three times": exporting("a", "a", "a"),
        },
    ),
    edge={
        "one or the other": exporting("network-vpc", "network-vpc", Condition="New"),
        "own and another": exporting(OWN, "vpc"),
        "no export": template(VPC, Outputs={"One": {"Value": "a"}, "Other": {"Value": "a"}}),
    },
)
