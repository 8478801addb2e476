"""People sign in to the Kubernetes API with the company's own OIDC identity provider."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Payments")
cluster = hardened.Cluster(stack, "Cluster", version="1.37")
hardened.IdentityProvider(
    stack,
    "People",
    cluster=cluster,
    issuer="https://login.bank.example/realms/staff",
    client_id="kubernetes",
)

app.synth()
