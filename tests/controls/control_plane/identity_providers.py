from hardened_eks.controls.control_plane import identity_providers
from tests.controls.cases import Case, Bad, at, both, change, drop, hide, template

CONFIG = "AWS::EKS::IdentityProviderConfig"
ISSUER, CLAIMS = "Oidc.IssuerUrl", "Oidc.RequiredClaims"
SHARED = "https://token.actions.githubusercontent.com"


def shared(issuer, *claims):
    return both(change(CONFIG, ISSUER, issuer), change(CONFIG, CLAIMS, list(claims)))


CASE = Case(
    identity_providers,
    template(
        {
            "Provider": (
                CONFIG,
                {
                    "ClusterName": "one",
                    "Type": "oidc",
                    "Oidc": {
                        "ClientId": "kubernetes",
                        "IssuerUrl": "https://login.bank.example/realms/staff",
                        "UsernameClaim": "email",
                        "UsernamePrefix": "staff:",
                        "GroupsClaim": "groups",
                        "GroupsPrefix": "staff:",
                    },
                },
            )
        }
    ),
    bad={
        **at(
            ISSUER,
            {
                "over http": change(CONFIG, ISSUER, "http://login.bank.example"),
                "hidden": hide(CONFIG, ISSUER),
                "left out": drop(CONFIG, ISSUER),
            },
        ),
        **at(
            CLAIMS,
            {
                "GitHub": shared(SHARED),
                "GitLab": shared("https://gitlab.com"),
                "Google": shared("https://accounts.google.com"),
                "every Microsoft tenant": shared("https://login.microsoftonline.com/common/v2.0"),
                "other clusters": shared("https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"),
                "in capitals": shared("https://GitLab.com/"),
                "an empty claim": shared(SHARED, {"Key": "repository_owner", "Value": ""}),
                "a hidden claim": shared(SHARED, {"Ref": "Claims"}),
            },
        ),
        **at(
            "Oidc.UsernamePrefix",
            {
                "users without prefix": change(CONFIG, "Oidc.UsernamePrefix", "-"),
                "users' prefix hidden": hide(CONFIG, "Oidc.UsernamePrefix"),
                "users of the system": change(CONFIG, "Oidc.UsernamePrefix", "system:"),
                "e-mail without prefix": drop(CONFIG, "Oidc.UsernamePrefix"),
            },
        ),
        **at(
            "Oidc.GroupsPrefix",
            {
                "groups without prefix": drop(CONFIG, "Oidc.GroupsPrefix"),
                "an empty prefix": change(CONFIG, "Oidc.GroupsPrefix", ""),
                "groups of the system": change(CONFIG, "Oidc.GroupsPrefix", "system:"),
            },
        ),
        "nothing said": Bad(drop(CONFIG, "Oidc"), ISSUER),
    },
    edge={
        "GitHub, one organization": shared(SHARED, {"Key": "repository_owner", "Value": "bank"}),
        "one tenant": shared("https://login.microsoftonline.com/0b1c2d3e-0000-4000-8000-000000000000/v2.0"),
        "a name like it": shared("https://gitlab.com.bank.example"),
        "subjects have the issuer as prefix": both(
            change(CONFIG, "Oidc.UsernameClaim", "sub"), drop(CONFIG, "Oidc.UsernamePrefix")
        ),
        "no groups": both(drop(CONFIG, "Oidc.GroupsClaim"), drop(CONFIG, "Oidc.GroupsPrefix")),
        "a tenant by Sub": change(CONFIG, ISSUER, {"Fn::Sub": "https://login.bank.example/${AWS::AccountId}"}),
    },
)
