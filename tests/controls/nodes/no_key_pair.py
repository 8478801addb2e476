from hardened_eks.controls.nodes import no_key_pair
from tests.controls.cases import Bad, Case, both, change, drop, hide
from tests.controls.nodes.base import DATA, GOOD, LT, NO_VALUE, chosen, configuration, instance, plus

CASE = Case(
    no_key_pair,
    GOOD,
    bad={
        "named": Bad(change(LT, f"{DATA}.KeyName", "ops"), "LaunchTemplateData.KeyName"),
        "hidden": Bad(hide(LT, f"{DATA}.KeyName"), "LaunchTemplateData.KeyName"),
        "sometimes": Bad(change(LT, f"{DATA}.KeyName", chosen("ops")), "LaunchTemplateData.KeyName"),
        "data hidden": Bad(hide(LT, DATA), "LaunchTemplateData.KeyName"),
        "made here": Bad(
            both(plus(Pair=("AWS::EC2::KeyPair", {"KeyName": "ops"})), change(LT, f"{DATA}.KeyName", {"Ref": "Pair"})),
            "LaunchTemplateData.KeyName",
        ),
        "instance": Bad(instance(KeyName="ops"), "KeyName"),
        "launch configuration": Bad(configuration(KeyName="ops"), "KeyName"),
        "malformed": Bad(change(LT, f"{DATA}.KeyName", ["ops"]), "LaunchTemplateData.KeyName"),
    },
    edge={"no value": change(LT, f"{DATA}.KeyName", NO_VALUE), "no data": drop(LT, DATA)},
)
