"""Cases of the network area."""

import copy
import json

from hardened_eks.controls import network as c
from tests.controls.cases import Case, both, change, drop, hide, template

VPC, SUBNET, EP, ROUTE, LOG = (
    "AWS::EC2::VPC",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::Route",
    "AWS::EC2::FlowLog",
)
CL, NG, ADDON = "AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::EKS::Addon"
BPA, EXCLUSION = "AWS::EC2::VPCBlockPublicAccessOptions", "AWS::EC2::VPCBlockPublicAccessExclusion"
ACL, ENTRY = "AWS::EC2::NetworkAcl", "AWS::EC2::NetworkAclEntry"
FIREWALL, POLICY = "AWS::NetworkFirewall::Firewall", "AWS::NetworkFirewall::FirewallPolicy"
CLOSER = "Custom::VpcRestrictDefaultSG"
SERVICES = (
    "ecr.api",
    "ecr.dkr",
    "ec2",
    "eks-auth",
    "eks",
    "sts",
    "logs",
    "ssm",
    "ssmmessages",
    "secretsmanager",
    "ssm-contacts",
    "ssm-incidents",
    "elasticloadbalancing",
    "autoscaling",
    "guardduty-data",
)


def name(service):
    return {"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, f".{service}"]]}


def logical(service):
    return "".join(part.capitalize() for part in service.replace("-", ".").split("."))


def endpoint(service, **more):
    return EP, {
        "VpcId": {"Ref": "Vpc"},
        "ServiceName": name(service),
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "SubnetIds": [{"Ref": "A"}, {"Ref": "B"}],
        **more,
    }


def allow(action="s3:GetObject", resource="*", principal="*", **condition):
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}


OURS = allow("*", StringEquals={"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}})
HOME = template(
    {
        "Vpc": (VPC, {"CidrBlock": "10.0.0.0/16"}),
        "A": (SUBNET, {"VpcId": {"Ref": "Vpc"}, "AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}),
        "B": (SUBNET, {"VpcId": {"Ref": "Vpc"}, "AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}}),
        "Table": ("AWS::EC2::RouteTable", {"VpcId": {"Ref": "Vpc"}}),
        "ToA": ("AWS::EC2::SubnetRouteTableAssociation", {"SubnetId": {"Ref": "A"}, "RouteTableId": {"Ref": "Table"}}),
        "Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]}}),
        "Agent": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "eks-pod-identity-agent"}),
        "Guard": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "aws-guardduty-agent"}),
        "Balancer": (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "pods.eks.amazonaws.com"},
                            "Action": ["sts:AssumeRole", "sts:TagSession"],
                        }
                    ]
                },
                "Policies": [
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {
                            "Statement": [
                                {
                                    "Effect": "Allow",
                                    "Action": [
                                        "elasticloadbalancing:CreateLoadBalancer",
                                        "autoscaling:SetDesiredCapacity",
                                    ],
                                    "Resource": "*",
                                }
                            ]
                        },
                    }
                ],
            },
        ),
        "Secret": ("AWS::SecretsManager::Secret", {}),
        "Contact": ("AWS::SSMContacts::Contact", {}),
        "Plan": ("AWS::SSMIncidents::ResponsePlan", {}),
        "S3": (
            EP,
            {
                "VpcId": {"Ref": "Vpc"},
                "ServiceName": name("s3"),
                "VpcEndpointType": "Gateway",
                "RouteTableIds": [{"Ref": "Table"}],
                "PolicyDocument": OURS,
            },
        ),
        **{logical(s): endpoint(s, PolicyDocument=OURS) for s in SERVICES},
    }
)


def without(*names):
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k not in names}}


def edit(name, **properties):
    """Set properties of one resource; None takes one out."""

    def mutate(body):
        changed = copy.deepcopy(body)
        mine = changed["Resources"][name].setdefault("Properties", {})
        for key, value in properties.items():
            mine.pop(key, None)
            if value is not None:
                mine[key] = value
        return changed

    return mutate


def add(**resources):
    return lambda body: {**body, "Resources": {**body["Resources"], **template(resources)["Resources"]}}


def lost(service):
    """Every way in which a VPC comes to be without a usable endpoint."""
    return {
        "removed": without(logical(service)),
        "another service": edit(logical(service), ServiceName=name("kms")),
        "no private DNS": edit(logical(service), PrivateDnsEnabled=None),
        "private DNS hidden": edit(logical(service), PrivateDnsEnabled={"Ref": "Dns"}),
        "in another VPC": both(add(Other=(VPC, {})), edit(logical(service), VpcId={"Ref": "Other"})),
        "name hidden": edit(logical(service), ServiceName={"Ref": "Service"}),
        "seen from the node group": both(
            without(logical(service), "Cluster"), add(Nodes=(NG, {"Subnets": [{"Ref": "A"}]}))
        ),
    }


def fine(service):
    return {
        "FIPS": edit(logical(service), ServiceName=name(f"{service}-fips")),
        "no cluster": without("Cluster", logical(service)),
        "cluster in an imported VPC": both(
            edit("Cluster", ResourcesVpcConfig={"SubnetIds": ["subnet-1"]}), without(logical(service))
        ),
        "name by region": edit(logical(service), ServiceName=f"com.amazonaws.eu-west-1.{service}"),
    }


ROUTED = template(
    {
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Vpn": ("AWS::EC2::VPNGateway", {"Type": "ipsec.1"}),
        "Route": (ROUTE, {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}),
    }
)
TIERS = template(
    {
        "Vpc": (VPC, {}),
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Public": (SUBNET, {"VpcId": {"Ref": "Vpc"}}),
        "Private": (SUBNET, {"VpcId": {"Ref": "Vpc"}}),
        "Table": ("AWS::EC2::RouteTable", {}),
        "ToPublic": (
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": {"Ref": "Public"}, "RouteTableId": {"Ref": "Table"}},
        ),
        "Route": (
            ROUTE,
            {"RouteTableId": {"Ref": "Table"}, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": {"Ref": "Gateway"}},
        ),
        "Nat": ("AWS::EC2::NatGateway", {"SubnetId": {"Ref": "Public"}}),
        "Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Private"}]}}),
    }
)
IN_PUBLIC = [{"Ref": "Public"}]

ALLOWED = template(
    {
        "Entry": (
            ENTRY,
            {
                "RuleAction": "allow",
                "Protocol": 6,
                "CidrBlock": "0.0.0.0/0",
                "RuleNumber": 100,
                "PortRange": {"From": 443, "To": 443},
            },
        )
    }
)
ACLS = template(
    {
        "Acl": (ACL, {"VpcId": "vpc-1"}),
        "Used": ("AWS::EC2::SubnetNetworkAclAssociation", {"NetworkAclId": {"Ref": "Acl"}, "SubnetId": "subnet-1"}),
        "Deny": (
            ENTRY,
            {
                "NetworkAclId": {"Ref": "Acl"},
                "RuleNumber": 50,
                "RuleAction": "deny",
                "Protocol": 6,
                "CidrBlock": "10.0.0.0/16",
                "PortRange": {"From": 22, "To": 22},
            },
        ),
        "Allow": (
            ENTRY,
            {
                "NetworkAclId": {"Ref": "Acl"},
                "RuleNumber": 100,
                "RuleAction": "allow",
                "Protocol": -1,
                "CidrBlock": "10.0.0.0/16",
            },
        ),
    }
)
WALLED = template(
    {
        "Firewall": (
            FIREWALL,
            {"DeleteProtection": True, "SubnetMappings": [{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}]},
        ),
        "Log": ("AWS::NetworkFirewall::LoggingConfiguration", {"FirewallArn": {"Ref": "Firewall"}}),
        "Policy": (
            POLICY,
            {
                "FirewallPolicy": {
                    "StatelessDefaultActions": ["aws:forward_to_sfe"],
                    "StatelessFragmentDefaultActions": ["aws:drop"],
                    "StatefulRuleGroupReferences": [{"ResourceArn": "arn:x"}],
                }
            },
        ),
    }
)
TGW, CVPN, CAUTH, VPN, PEER = (
    "AWS::EC2::TransitGateway",
    "AWS::EC2::ClientVpnEndpoint",
    "AWS::EC2::ClientVpnAuthorizationRule",
    "AWS::EC2::VPNConnection",
    "AWS::EC2::VPCPeeringConnection",
)
TUNNEL = {"LogOptions": {"CloudwatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:x"}}}
JOINED = template(
    {
        "Transit": (TGW, {"AutoAcceptSharedAttachments": "disable"}),
        "Client": (CVPN, {"ConnectionLogOptions": {"Enabled": True}}),
        "Rule": (CAUTH, {"AccessGroupId": "g-1"}),
        "Vpn": (VPN, {"VpnTunnelOptionsSpecifications": [TUNNEL, TUNNEL]}),
        "Peer": (PEER, {}),
        "ToPeer": (ROUTE, {"VpcPeeringConnectionId": {"Ref": "Peer"}, "DestinationCidrBlock": "10.1.0.0/24"}),
    }
)
FLOWING = template(
    {"Vpc": (VPC, {}), "Log": (LOG, {"ResourceId": {"Ref": "Vpc"}, "ResourceType": "VPC", "TrafficType": "ALL"})}
)
CLOSED = template(
    {
        "Vpc": (VPC, {}),
        "Closer": (
            CLOSER,
            {"DefaultSecurityGroupId": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}, "ServiceToken": "arn:x"},
        ),
    }
)

CASES = [
    Case(
        c.flow_logs,
        FLOWING,
        {
            "removed": without("Log"),
            "accepted traffic only": change(LOG, "TrafficType", "ACCEPT"),
            "traffic hidden": hide(LOG, "TrafficType"),
            "of a subnet": change(LOG, "ResourceId", "subnet-1"),
            "of another VPC": both(add(Other=(VPC, {})), change(LOG, "ResourceId", {"Ref": "Other"})),
        },
        {"refused traffic": change(LOG, "TrafficType", "REJECT")},
    ),
    Case(
        c.default_security_group_closed,
        CLOSED,
        {
            "removed": without("Closer"),
            "a custom resource for something else": change(CLOSER, "DefaultSecurityGroupId", {"Ref": "Vpc"}),
            "a rule is added": add(
                Rule=("AWS::EC2::SecurityGroupIngress", {"GroupId": {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}})
            ),
            "of another VPC": add(Other=(VPC, {})),
        },
        {
            "our own": lambda body: json.loads(json.dumps(body).replace(CLOSER, "Custom::ClosedDefaultSecurityGroup")),
            "in the generic type": lambda body: json.loads(
                json.dumps(body).replace(CLOSER, "AWS::CloudFormation::CustomResource")
            ),
        },
    ),
    Case(
        c.no_auto_public_ip,
        template({"A": (SUBNET, {"MapPublicIpOnLaunch": False})}),
        {
            "on": change(SUBNET, "MapPublicIpOnLaunch", True),
            "on as text": change(SUBNET, "MapPublicIpOnLaunch", "true"),
            "hidden": hide(SUBNET, "MapPublicIpOnLaunch"),
        },
        {
            "left out": drop(SUBNET, "MapPublicIpOnLaunch"),
            "off as text": change(SUBNET, "MapPublicIpOnLaunch", "false"),
        },
    ),
    Case(
        c.no_internet_gateway_route,
        ROUTED,
        {
            "to the gateway": edit("Route", NatGatewayId=None, GatewayId={"Ref": "Gateway"}),
            "to a gateway by id": edit("Route", NatGatewayId=None, GatewayId="igw-1"),
            "IPv6": edit(
                "Route",
                NatGatewayId=None,
                GatewayId={"Ref": "Gateway"},
                DestinationCidrBlock=None,
                DestinationIpv6CidrBlock="::/0",
            ),
            "gateway hidden": edit("Route", NatGatewayId=None, GatewayId={"Ref": "Somewhere"}),
            "destination hidden": edit(
                "Route", NatGatewayId=None, GatewayId={"Ref": "Gateway"}, DestinationCidrBlock={"Ref": "To"}
            ),
        },
        {
            "to a VPN": edit("Route", NatGatewayId=None, GatewayId={"Ref": "Vpn"}),
            "to a VPN by id": edit("Route", NatGatewayId=None, GatewayId="vgw-1"),
            "to one network": edit(
                "Route", NatGatewayId=None, GatewayId={"Ref": "Gateway"}, DestinationCidrBlock="198.51.100.0/24"
            ),
        },
    ),
    Case(
        c.block_public_access,
        template(
            {
                "Options": (BPA, {"InternetGatewayBlockMode": "block-bidirectional"}),
                "Exclusion": (EXCLUSION, {"InternetGatewayExclusionMode": "allow-egress"}),
            }
        ),
        {
            "off": change(BPA, "InternetGatewayBlockMode", "off"),
            "left out": drop(BPA, "InternetGatewayBlockMode"),
            "hidden": hide(BPA, "InternetGatewayBlockMode"),
            "excluded": change(EXCLUSION, "InternetGatewayExclusionMode", "allow-bidirectional"),
        },
        {"ingress": change(BPA, "InternetGatewayBlockMode", "block-ingress")},
    ),
    Case(
        c.multi_az,
        HOME,
        {
            "one zone": change(SUBNET, "AvailabilityZone", "eu-west-1a"),
            "zones left to EC2": drop(SUBNET, "AvailabilityZone"),
            "one parameter": hide(SUBNET, "AvailabilityZone"),
            "endpoint in one subnet": edit("Sts", SubnetIds=[{"Ref": "A"}]),
            "endpoint without subnets": edit("Sts", SubnetIds=None),
        },
        {
            "zones by name": both(edit("A", AvailabilityZone="eu-west-1a"), edit("B", AvailabilityZone="eu-west-1b")),
            "endpoint in imported subnets": edit("Sts", SubnetIds=["subnet-1", "subnet-2"]),
            "endpoint in a list that is passed in": edit("Sts", SubnetIds={"Ref": "Subnets"}),
            "VPC without subnets": add(Empty=(VPC, {})),
        },
    ),
    Case(
        c.separate_tiers,
        TIERS,
        {
            "cluster": edit("Cluster", ResourcesVpcConfig={"SubnetIds": IN_PUBLIC}),
            "nodes": add(Nodes=(NG, {"Subnets": IN_PUBLIC})),
            "an instance": add(Host=("AWS::EC2::Instance", {"SubnetId": {"Ref": "Public"}})),
            "gateway hidden": both(
                edit("Route", GatewayId={"Ref": "Somewhere"}), add(Nodes=(NG, {"Subnets": IN_PUBLIC}))
            ),
        },
        {
            "a load balancer": add(Balancer=("AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": IN_PUBLIC})),
            "no public route": both(without("Route"), add(Nodes=(NG, {"Subnets": IN_PUBLIC}))),
        },
    ),
    Case(c.endpoint_ecr_api, HOME, lost("ecr.api"), fine("ecr.api")),
    Case(c.endpoint_ecr_dkr, HOME, lost("ecr.dkr"), fine("ecr.dkr")),
    Case(c.endpoint_ssm, HOME, {**lost("ssm"), "no ssmmessages": without("Ssmmessages")}, fine("ssm")),
    Case(c.endpoint_ec2, HOME, lost("ec2"), fine("ec2")),
    Case(
        c.endpoint_ssm_contacts,
        HOME,
        lost("ssm-contacts"),
        {**fine("ssm-contacts"), "not used": without("SsmContacts", "Contact")},
    ),
    Case(
        c.endpoint_ssm_incidents,
        HOME,
        lost("ssm-incidents"),
        {**fine("ssm-incidents"), "not used": without("SsmIncidents", "Plan")},
    ),
    Case(
        c.network_acl_no_open_admin,
        ALLOWED,
        {
            "SSH": change(ENTRY, "PortRange", {"From": 22, "To": 22}),
            "RDP in a range": change(ENTRY, "PortRange", {"From": 1024, "To": 65535}),
            "all protocols": change(ENTRY, "Protocol", -1),
            "all protocols, IPv6": both(
                change(ENTRY, "Protocol", "-1"), drop(ENTRY, "CidrBlock"), change(ENTRY, "Ipv6CidrBlock", "::/0")
            ),
            "no ports": drop(ENTRY, "PortRange"),
            "protocol hidden": hide(ENTRY, "Protocol"),
            "source and port hidden": both(hide(ENTRY, "CidrBlock"), hide(ENTRY, "PortRange.From")),
        },
        {
            "denied": both(change(ENTRY, "Protocol", -1), change(ENTRY, "RuleAction", "deny")),
            "outbound": both(change(ENTRY, "Protocol", -1), change(ENTRY, "Egress", True)),
            "from the VPC": both(change(ENTRY, "Protocol", -1), change(ENTRY, "CidrBlock", "10.0.0.0/16")),
            "ICMP": both(change(ENTRY, "Protocol", 1), drop(ENTRY, "PortRange")),
        },
    ),
    Case(
        c.network_acl_sane,
        ACLS,
        {
            "unused": without("Used"),
            "deny after the allow": edit("Deny", RuleNumber=200),
            "deny after an allow for all": both(edit("Deny", RuleNumber="200"), edit("Allow", CidrBlock="0.0.0.0/0")),
            "twice": lambda body: add(Again=(ENTRY, {**body["Resources"]["Allow"]["Properties"], "RuleNumber": 110}))(
                body
            ),
        },
        {
            "deny of another direction": edit("Deny", RuleNumber=200, Egress=True),
            "number hidden": edit("Deny", RuleNumber={"Ref": "Number"}),
        },
    ),
    Case(
        c.network_firewall,
        WALLED,
        {
            "unprotected": change(FIREWALL, "DeleteProtection", False),
            "protection left out": drop(FIREWALL, "DeleteProtection"),
            "protection hidden": hide(FIREWALL, "DeleteProtection"),
            "one zone": change(FIREWALL, "SubnetMappings", [{"SubnetId": "subnet-1"}]),
            "not logged": without("Log"),
            "packets pass": change(POLICY, "FirewallPolicy.StatelessDefaultActions", ["aws:pass"]),
            "fragments left out": drop(POLICY, "FirewallPolicy.StatelessFragmentDefaultActions"),
            "no rules": drop(POLICY, "FirewallPolicy.StatefulRuleGroupReferences"),
        },
        {"no firewall of ours": without("Firewall", "Log")},
    ),
    Case(
        c.connectivity_controlled,
        JOINED,
        {
            "accepts by itself": change(TGW, "AutoAcceptSharedAttachments", "enable"),
            "accepting hidden": hide(TGW, "AutoAcceptSharedAttachments"),
            "clients not logged": drop(CVPN, "ConnectionLogOptions"),
            "everybody authorised": change(CAUTH, "AuthorizeAllGroups", True),
            "one tunnel not logged": change(VPN, "VpnTunnelOptionsSpecifications", [TUNNEL]),
            "the whole world to the peer": change(ROUTE, "DestinationCidrBlock", "0.0.0.0/0"),
            "destination hidden": hide(ROUTE, "DestinationCidrBlock"),
        },
        {"default": drop(TGW, "AutoAcceptSharedAttachments")},
    ),
    Case(
        c.endpoint_secretsmanager,
        HOME,
        lost("secretsmanager"),
        {**fine("secretsmanager"), "not used": without("Secretsmanager", "Secret")},
    ),
    Case(
        c.endpoints_of_private_cluster,
        HOME,
        {
            **lost("sts"),
            **{
                f"no {service}": without(logical(service))
                for service in ("eks-auth", "eks", "logs", "elasticloadbalancing", "autoscaling", "guardduty-data")
            },
            "no S3": without("S3"),
            "S3 in no route table": edit("S3", RouteTableIds=None),
            "Pod Identity, no eks-auth": both(
                without("Agent", "EksAuth"), add(Pod=("AWS::EKS::PodIdentityAssociation", {}))
            ),
            "policy beside the role": both(
                without("Autoscaling"),
                edit("Balancer", Policies=None),
                add(
                    Policy=(
                        "AWS::IAM::Policy",
                        {"Roles": [{"Ref": "Balancer"}], "PolicyDocument": allow("autoscaling:*")},
                    )
                ),
            ),
        },
        {
            **fine("sts"),
            "nothing uses load balancers": without("Balancer", "Elasticloadbalancing", "Autoscaling"),
            "S3 through an interface": edit("S3", VpcEndpointType="Interface"),
            "no Pod Identity": without("Agent", "EksAuth"),
            "a CNI with the nodes' role": both(
                without("Agent", "EksAuth"), add(Cni=("AWS::EKS::Addon", {"AddonName": "vpc-cni"}))
            ),
        },
    ),
    Case(
        c.endpoint_trust_boundary,
        HOME,
        {
            "no policy": drop(EP, "PolicyDocument"),
            "everybody, everything": change(EP, "PolicyDocument", allow("*")),
            "everybody, in the other spelling": change(EP, "PolicyDocument", allow("*", principal={"AWS": "*"})),
            "an open condition": change(EP, "PolicyDocument", allow("*", StringLike={"aws:PrincipalOrgID": "*"})),
            "a negative condition": change(
                EP, "PolicyDocument", allow("*", StringNotEquals={"aws:PrincipalAccount": "123456789012"})
            ),
            "as text": change(EP, "PolicyDocument", json.dumps(allow("*"))),
            "hidden": hide(EP, "PolicyDocument"),
            "service without acceptance": add(Service=("AWS::EC2::VPCEndpointService", {"AcceptanceRequired": False})),
            "service for everybody": add(To=("AWS::EC2::VPCEndpointServicePermissions", {"AllowedPrincipals": ["*"]})),
            "service for a parameter": add(
                To=("AWS::EC2::VPCEndpointServicePermissions", {"AllowedPrincipals": [{"Ref": "Who"}]})
            ),
        },
        {
            "organization": change(EP, "PolicyDocument", allow("*", StringEquals={"aws:PrincipalOrgID": "o-1"})),
            "named resources": change(
                EP, "PolicyDocument", allow(resource="arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*")
            ),
            "our resources": change(
                EP, "PolicyDocument", allow("s3:*", StringEquals={"aws:ResourceAccount": "123456789012"})
            ),
            "a deny": change(
                EP,
                "PolicyDocument",
                {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]},
            ),
            "a vendor's service": both(
                change(EP, "ServiceName", "com.amazonaws.vpce.eu-west-1.vpce-svc-1"), drop(EP, "PolicyDocument")
            ),
            "a service of one account": add(
                Service=("AWS::EC2::VPCEndpointService", {}),
                To=(
                    "AWS::EC2::VPCEndpointServicePermissions",
                    {"AllowedPrincipals": [{"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}]},
                ),
            ),
        },
    ),
]
