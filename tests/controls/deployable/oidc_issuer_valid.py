from hardened_eks.controls.deployable import oidc_issuer_valid
from tests.controls.cases import Bad, Case, at, change, hide, template

CONFIG, PROVIDER = "AWS::EKS::IdentityProviderConfig", "AWS::IAM::OIDCProvider"
ISSUED = template(
    {"Config": (CONFIG, {"Type": "oidc", "Oidc": {"ClientId": "kubernetes", "IssuerUrl": "https://id.example.com/a"}})}
)

CASE = Case(
    oidc_issuer_valid,
    ISSUED,
    bad={
        **at(
            "Oidc.IssuerUrl",
            {
                "http": change(CONFIG, "Oidc.IssuerUrl", "http://id.example.com"),
                "no scheme": change(CONFIG, "Oidc.IssuerUrl", "id.example.com"),
                "query": change(CONFIG, "Oidc.IssuerUrl", "https://id.example.com/?tenant=a"),
                "http to a hidden host": change(CONFIG, "Oidc.IssuerUrl", {"Fn::Sub": "http://${Host}/a"}),
            },
        ),
        "provider of IAM": Bad(template({"Provider": (PROVIDER, {"Url": "http://id.example.com"})}), "Url"),
    },
    edge={
        "hidden": hide(CONFIG, "Oidc.IssuerUrl"),
        "hidden host": change(CONFIG, "Oidc.IssuerUrl", {"Fn::Sub": "https://${Host}/a"}),
        "of the cluster": template(
            {
                "Cluster": ("AWS::EKS::Cluster", {}),
                "Provider": (PROVIDER, {"Url": {"Fn::GetAtt": ["Cluster", "OpenIdConnectIssuerUrl"]}}),
            }
        ),
    },
)
