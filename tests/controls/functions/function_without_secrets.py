from hardened_eks.controls.functions import function_without_secrets
from tests.controls.cases import Bad, Case, add, both, change, drop, hide
from tests.controls.functions.base import FN, FUNCTIONS

VARIABLE = "Environment.Variables"

CASE = Case(
    function_without_secrets,
    FUNCTIONS,
    bad={
        "a password": Bad(change(FN, f"{VARIABLE}.DB_PASSWORD", "hunter2"), "Environment.Variables.DB_PASSWORD"),
        "a parameter": Bad(hide(FN, f"{VARIABLE}.API_TOKEN"), "Environment.Variables.API_TOKEN"),
        "a dynamic reference": Bad(
            change(FN, f"{VARIABLE}.X", "{{resolve:secretsmanager:db:SecretString:password}}"),
            "Environment.Variables.X",
        ),
        "an access key": Bad(change(FN, f"{VARIABLE}.X", "AKIA" + "A" * 16), "Environment.Variables.X"),
        "in the code": Bad(change(FN, "Code.ZipFile", "KEY = 'AKIA" + "B" * 16 + "'"), "Code.ZipFile"),
        "no key": Bad(drop(FN, "KmsKeyArn"), "KmsKeyArn"),
    },
    edge={
        "no variables": both(drop(FN, "Environment"), drop(FN, "KmsKeyArn")),
        "a secret's ARN": both(
            add(Secret=("AWS::SecretsManager::Secret", {})),
            change(FN, f"{VARIABLE}.DB_PASSWORD", {"Ref": "Secret"}),
        ),
        "a pointer": change(FN, f"{VARIABLE}.SECRET_NAME", "payments/db"),
        "a switch": change(FN, f"{VARIABLE}.USE_TOKEN", "true"),
    },
)
