"""A break-glass role for a company without IAM users: named people of one permission set of IAM Identity Center."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")

cluster.add_break_glass_role(
    trusted=[
        hardened.IdentityCenterTrust(
            permission_set="BreakGlass",
            user_ids=["906736b8-d0e1-70f8-2ac3-4d5e6f708192", "906736b8-d0e1-70f8-2ac3-4d5e6f708193"],
            mfa_reason="the identity provider asks for a FIDO2 key at each sign-in, policy CA-7",
            until="2027-06-30",
        )
    ],
)

app.synth()
