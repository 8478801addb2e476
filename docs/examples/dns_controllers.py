"""ExternalDNS and cert-manager: Route 53 has no VPC endpoint, so the network needs NAT."""

import aws_cdk as cdk
from aws_cdk import aws_route53 as route53

import hardened_eks as hardened

app = cdk.App()
cdk.Tags.of(app).add("application", "shop")
stack = cdk.Stack(app, "Shop")
network = hardened.Network(stack, "Network", egress=hardened.Egress.NAT)
cluster = hardened.Cluster(stack, "Cluster", version="1.37", network=network)
cluster.add_node_group("general", instance_types=["m7g.large"])

zone = route53.HostedZone.from_hosted_zone_attributes(
    stack, "Zone", hosted_zone_id="Z0123456789ABC", zone_name="shop.example.com"
)
hardened.addons.ExternalDns(cluster, zones=[zone])
hardened.addons.CertManager(cluster, zones=[zone])
app.synth()
