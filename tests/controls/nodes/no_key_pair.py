from hardened_eks.controls.nodes import no_key_pair
from tests.controls.cases import Bad, Case, at, both, change, drop, hide
from tests.controls.nodes.base import DATA, GOOD, LT, NO_VALUE, chosen, configuration, instance, plus

CASE = Case(
    no_key_pair,
    GOOD,
    bad={
        **at(
            "LaunchTemplateData.KeyName",
            {
                "named": change(LT, f"{DATA}.KeyName", "ops"),
                "hidden": hide(LT, f"{DATA}.KeyName"),
                "sometimes": change(LT, f"{DATA}.KeyName", chosen("ops")),
                "data hidden": hide(LT, DATA),
                "made here": both(
                    plus(Pair=("AWS::EC2::KeyPair", {"KeyName": "ops"})), change(LT, f"{DATA}.KeyName", {"Ref": "Pair"})
                ),
            },
        ),
        "instance": Bad(instance(KeyName="ops"), "KeyName"),
        "launch configuration": Bad(configuration(KeyName="ops"), "KeyName"),
        "malformed": Bad(change(LT, f"{DATA}.KeyName", ["ops"]), "LaunchTemplateData.KeyName"),
    },
    edge={"no value": change(LT, f"{DATA}.KeyName", NO_VALUE), "no data": drop(LT, DATA)},
)
