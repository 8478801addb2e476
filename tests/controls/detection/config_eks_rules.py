from hardened_eks.controls.detection import config_eks_rules
from tests.controls.cases import Case, ITSELF, add, at, template

CONFIG = "AWS::Config::ConfigRule"
PACK = "AWS::Config::ConformancePack"


def managed(name, *rules):
    return {
        f"{name}{n}": (CONFIG, {"Source": {"Owner": "AWS", "SourceIdentifier": rule}}) for n, rule in enumerate(rules)
    }


IDENTIFIERS = (
    "EKS_ENDPOINT_NO_PUBLIC_ACCESS",
    "EKS_CLUSTER_SUPPORTED_VERSION",
    "EKS_SECRETS_ENCRYPTED",
    "ECR_PRIVATE_IMAGE_SCANNING_ENABLED",
    "ECR_PRIVATE_LIFECYCLE_POLICY_CONFIGURED",
    "ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED",
)

OWN = (
    CONFIG,
    {"Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": "arn:aws:lambda:eu-west-1:123456789012:function:f"}},
)
RULES = template(managed("Rule", *IDENTIFIERS))

CASE = Case(
    config_eks_rules,
    RULES,
    bad=at(
        ITSELF,
        {
            **{f"no {rule}": template(managed("Rule", *(r for r in IDENTIFIERS if r != rule))) for rule in IDENTIFIERS},
            "a cluster and other rules": add(Cluster=("AWS::EKS::Cluster", {}))(
                template(managed("Rule", "IAM_ROOT_ACCESS_KEY_CHECK"))
            ),
            "a cluster, a rule of a function and another one": add(Cluster=("AWS::EKS::Cluster", {}), Own=OWN)(
                template(managed("Rule", "IAM_ROOT_ACCESS_KEY_CHECK"))
            ),
            "only AWS's pack on EKS": template(
                {"Pack": (PACK, {"TemplateSSMDocumentDetails": {"DocumentName": "Security-Best-Practices-for-EKS"}})}
            ),
            "a hidden pack beside a cluster": template(
                {"Pack": (PACK, {"TemplateBody": {"Ref": "Body"}}), "Cluster": ("AWS::EKS::Cluster", {})}
            ),
        },
    ),
    edge={
        "packs by name": template(
            {
                "Eks": (PACK, {"TemplateS3Uri": "s3://packs/Security-Best-Practices-for-EKS.yaml"}),
                "Ecr": (PACK, {"TemplateS3Uri": "s3://packs/Security-Best-Practices-for-ECR.yaml"}),
            }
        ),
        "in one body": template({"Pack": (PACK, {"TemplateBody": " ".join(IDENTIFIERS)})}),
        "a cluster and rules of a function alone": template({"Cluster": ("AWS::EKS::Cluster", {}), "Own": OWN}),
        "rules about something else": template(managed("Rule", "IAM_ROOT_ACCESS_KEY_CHECK")),
    },
)
