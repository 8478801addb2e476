import aws_cdk as cdk

import hardened_eks as hardened
from hardened_eks.controls.control_plane import private_endpoint

app = cdk.App()
stack = cdk.Stack(app, "Payments")
cluster = cdk.CfnResource(stack, "Cluster", type="AWS::EKS::Cluster", properties={"Name": "payments"})

hardened.waive(
    cluster,
    private_endpoint,  # or "CP-01"
    reason="public until the VPN is up, SEC-123",
    until="2027-03-31",
    approver="jane@example.com",
)
cdk.Validations.of(app).add_plugins(hardened.Checks(controls=[private_endpoint]))
app.synth()
