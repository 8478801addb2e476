"""The actions that let somebody into a cluster: what two controls say of them has one cause."""

from typing import Final

LETS_IN: Final = {
    "eks:CreateAccessEntry": "eks:principalArn",
    "eks:AssociateAccessPolicy": "eks:policyArn",
    "eks:UpdateAccessEntry": "eks:kubernetesGroups",
    "eks:AssociateIdentityProviderConfig": "eks:issuerUrl",
}
"""What lets somebody into a cluster, and the condition key that says whom or how far."""
CAUSE: Final = "a policy that lets people into clusters"
