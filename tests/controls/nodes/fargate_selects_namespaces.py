from hardened_eks.controls.nodes import fargate_selects_namespaces
from tests.controls.cases import Bad, Case, at, change, drop, hide, template
from tests.controls.self_managed import FARGATE

CASE = Case(
    fargate_selects_namespaces,
    template({"Profile": (FARGATE, {"Selectors": [{"Namespace": "payments-*"}]})}),
    bad={
        **at(
            "Selectors.0.Namespace",
            {
                "all": change(FARGATE, "Selectors.0.Namespace", "*"),
                "all with a letter": change(FARGATE, "Selectors.0.Namespace", "?*"),
            },
        ),
        "beside another": Bad(
            change(FARGATE, "Selectors", [{"Namespace": "a"}, {"Namespace": "**"}]), "Selectors.1.Namespace"
        ),
    },
    edge={
        "a name": change(FARGATE, "Selectors.0.Namespace", "payments"),
        "hidden": hide(FARGATE, "Selectors.0.Namespace"),
        "none": drop(FARGATE, "Selectors"),
        "malformed": change(FARGATE, "Selectors", ["*"]),
    },
)
