"""A bucket for the access logs of load balancers, and a Service whose load balancer writes into it."""

import aws_cdk as cdk

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "payments")
stack = cdk.Stack(app, "Logs", env=cdk.Environment(account="123456789012", region="eu-west-1"))
logs = hardened.AccessLogs(stack, "AccessLogs", readers=["arn:aws:iam::123456789012:role/auditor"])

certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/11112222-3333-4444-5555-666677778888"
service = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {
        "name": "web",
        "namespace": "payments",
        "annotations": logs.service_annotations(certificate_arn=certificate, ports=[443]),
    },
    "spec": {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 443, "targetPort": 8443}]},
}
cdk.CfnOutput(stack, "Service", value=stack.to_json_string(service))
app.synth()
