"""Detections on the network of the cluster, and on the metadata service of its nodes."""

from hardened_eks.detections.clauses import EKS, GUARDDUTY, WHO, on_call, untrusted
from hardened_eks.detections.model import Detection, EventPattern, Severity

_WORLD = ["0.0.0.0/0", "::/0"]
_RULE = {"ModifySecurityGroupRulesRequest": {"SecurityGroupRule": {"SecurityGroupRule": {"CidrIpv4": _WORLD[:1]}}}}
_RULE_6 = {"ModifySecurityGroupRulesRequest": {"SecurityGroupRule": {"SecurityGroupRule": {"CidrIpv6": _WORLD[1:]}}}}
_OPEN = "AuthorizeSecurityGroupIngress"
_MANAGERS = {"anything-but": ["<load_balancer_roles>"]}
# By the end of the name: all calls that create, change or delete one of these, and those of the CIS AWS Foundations
# alarms on NACLs, gateways, routes and VPCs. Calls that read are not delivered to the rule.
_PATHS = (
    *({"suffix": end} for end in (
        "Route", "RouteTable", "RouteTableAssociation", "RoutePropagation", "InternetGateway", "NatGateway",
        "CustomerGateway", "VpnGateway", "CarrierGateway", "VpnConnection", "VpcAttachment", "VpcPeeringConnection",
        "VpcEndpoint", "NetworkAcl", "NetworkAclEntry", "NetworkAclAssociation", "PublicAccessExclusion",
    )),
    "DeleteVpcEndpoints", "ModifyVpcBlockPublicAccessOptions", "AssociateClientVpnTargetNetwork", "CreateVpc",
    "DeleteVpc", "ModifyVpcAttribute",
)  # fmt: skip
_REVOKE = (
    "Revoke the rule: `aws ec2 revoke-security-group-ingress --group-id GROUP_ID --security-group-rule-ids "
    "RULE_ID`; the rule's ID is in responseElements."
)

NETWORK = (
    Detection(
        id="sg-opened-to-world",
        title="A security group was opened to every address",
        severity=Severity.HIGH,
        default=True,
        why="Services behind the group can now be reached from the internet and will be scanned within minutes.",
        first=(
            _REVOKE,
            (
                "Find out which interfaces use the group: `aws ec2 describe-network-interfaces --filters "
                "Name=group-id,Values=GROUP_ID`."
            ),
            WHO,
        ),
        expressions=(
            on_call(
                "ec2",
                by=untrusted(but=_MANAGERS),
                either=[
                    {
                        "eventName": [_OPEN],
                        "requestParameters": {
                            "ipPermissions": {"items": {"ipRanges": {"items": {"cidrIp": _WORLD[:1]}}}}
                        },
                    },
                    {
                        "eventName": [_OPEN],
                        "requestParameters": {
                            "ipPermissions": {"items": {"ipv6Ranges": {"items": {"cidrIpv6": _WORLD[1:]}}}}
                        },
                    },
                    {"eventName": [_OPEN], "requestParameters": {"cidrIp": _WORLD}},
                    {"eventName": ["ModifySecurityGroupRules"], "requestParameters": _RULE},
                    {"eventName": ["ModifySecurityGroupRules"], "requestParameters": _RULE_6},
                ],
            ),
        ),
        false_positives="Public load balancers: add the role of their controller to load_balancer_roles.",
        technique="T1562.007",
        anchors=("elastic", "stratus", "sigma"),
        requirements=("alerts.cis_sg_changes", "sg.no_world_ingress"),
        blind=(
            "Prefix lists, and the internet in two halves (0.0.0.0/1 and 128.0.0.0/1). A modified rule may be an "
            "egress rule."
        ),
    ),
    Detection(
        id="sg-changed",
        title="A security group was changed by something other than trusted automation",
        severity=Severity.MEDIUM,
        default=False,
        why="Security groups separate the nodes, the control plane and the rest of the VPC.",
        first=(
            WHO,
            (
                "Compare the group with its template: `aws ec2 describe-security-group-rules --filters "
                "Name=group-id,Values=GROUP_ID`; deploy the template again to repair it."
            ),
        ),
        expressions=(
            on_call(
                "ec2",
                _OPEN,
                "AuthorizeSecurityGroupEgress",
                "RevokeSecurityGroupIngress",
                "RevokeSecurityGroupEgress",
                "ModifySecurityGroupRules",
                "CreateSecurityGroup",
                "DeleteSecurityGroup",
                "AssociateSecurityGroupVpc",
                "DisassociateSecurityGroupVpc",
                by=untrusted(*EKS, GUARDDUTY, but=_MANAGERS),
            ),
        ),
        false_positives="The AWS Load Balancer Controller: add its role to load_balancer_roles.",
        technique="T1562.007",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=("alerts.cis_sg_changes",),
        blind=(
            "Other security groups for an interface (ModifyNetworkInterfaceAttribute), which the VPC CNI and the load "
            "balancer controllers assign all day."
        ),
    ),
    Detection(
        id="network-path-changed",
        title="Routes, gateways, endpoints, peerings or network ACLs were changed by hand",
        severity=Severity.HIGH,
        default=True,
        why="A route, gateway or peering lets data leave an isolated VPC. Without an endpoint, nodes stop working.",
        first=(
            WHO,
            (
                "List the routes: `aws ec2 describe-route-tables --filters Name=vpc-id,Values=VPC_ID`; delete a route "
                "out of the VPC that nobody requested."
            ),
            "Deploy the network's template again, then check in the flow logs which traffic used the new path.",
        ),
        expressions=(
            on_call(
                "ec2",
                *_PATHS,
                by=untrusted(*EKS, GUARDDUTY),
            ),
        ),
        false_positives="Other VPCs of the account. Calls that GuardDuty and EKS make themselves are excluded.",
        technique="T1562.007",
        anchors=("cis-aws", "elastic", "panther"),
        requirements=(
            "alerts.cis_route_changes",
            "alerts.cis_gateway_changes",
            "alerts.cis_nacl_changes",
            "alerts.cis_vpc_changes",
            "vpc.connectivity.controlled",
        ),
    ),
    Detection(
        id="imds-weakened",
        title="An instance accepts metadata requests without a token again",
        severity=Severity.HIGH,
        default=False,
        why="With IMDSv1, a single forged request from a pod returns the credentials of the node.",
        first=(
            (
                "Require tokens again: `aws ec2 modify-instance-metadata-options --instance-id INSTANCE_ID "
                "--http-tokens required --http-put-response-hop-limit 1`."
            ),
            WHO,
            "Look in CloudTrail for calls with the node's role from outside the VPC since then.",
        ),
        expressions=(
            on_call(
                "ec2",
                "ModifyInstanceMetadataOptions",
                by=untrusted(),
                requestParameters={"ModifyInstanceMetadataOptionsRequest": {"HttpTokens": ["optional"]}},
            ),
        ),
        false_positives="Instances of the account that are not nodes.",
        technique="T1552.005",
        requirements=("node.imds.v2_required",),
        blind=(
            "Instances that are launched without IMDSv2: the controls on launch templates report those. The account's "
            "defaults (ModifyInstanceMetadataDefaults), which AC-03 checks."
        ),
    ),
    Detection(
        id="dns-blocked",
        title="DNS Firewall blocked a query from the VPC",
        severity=Severity.HIGH,
        default=False,
        why=(
            "An isolated VPC still resolves public names. A blocked query is often malware looking for its "
            "server, or data leaving inside queries."
        ),
        first=(
            "Read query-name, firewall-domain-list-id and the source in the event.",
            (
                "Find the pod: first the node, then the pods that started on it just before: `kubectl get pods -A -o "
                "wide --field-selector spec.nodeName=NODE`."
            ),
            "Isolate that pod with a NetworkPolicy that denies all traffic, and keep it for evidence.",
            "If the name is harmless, add it to the allowed domains in the template.",
        ),
        expressions=(
            EventPattern(
                pattern={
                    "source": ["aws.route53resolver"],
                    "detail-type": ["DNS Firewall Block"],
                    "detail": {"firewall-rule-action": ["BLOCK"]},
                }
            ),
        ),
        false_positives="Names missing from an allow list: expect some in the first days.",
        technique="T1071.004",
        requirements=("vpc.network_firewall",),
        blind="Only with DNS Firewall in the VPC; its rules with the action ALERT send a different event.",
    ),
)
