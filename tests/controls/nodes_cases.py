"""Cases of the nodes area."""

import base64
import copy
import gzip

from hardened_eks.controls import nodes as c
from hardened_eks.data.kubernetes import supported
from tests.controls.cases import Case, both, change, drop, hide, template

GROUP, LT, INSTANCE = "AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate", "AWS::EC2::Instance"
ASG, LC = "AWS::AutoScaling::AutoScalingGroup", "AWS::AutoScaling::LaunchConfiguration"
ROLE, POLICY, VOLUME = "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::EC2::Volume"
DATA, DEVICES = "LaunchTemplateData", "LaunchTemplateData.BlockDeviceMappings"
METADATA, INTERFACES = "LaunchTemplateData.MetadataOptions", "LaunchTemplateData.NetworkInterfaces"
NO_VALUE = {"Ref": "AWS::NoValue"}
KEY = {"Fn::GetAtt": ["Key", "Arn"]}
EVENTS = [f"autoscaling:EC2_INSTANCE_{event}" for event in ("LAUNCH", "LAUNCH_ERROR", "TERMINATE", "TERMINATE_ERROR")]
OVERRIDES = "MixedInstancesPolicy.LaunchTemplate.Overrides"


def chosen(value, otherwise=NO_VALUE):
    """A value that depends on a condition that nobody knows."""
    return {"Fn::If": ["Unknown", value, otherwise]}


def aws(policy):
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::aws:policy/{policy}"]]}


def plus(**resources):
    """Add resources: ``plus(Extra=(type, properties))``."""

    def mutate(body):
        return {**body, "Resources": {**copy.deepcopy(body["Resources"]), **template(resources)["Resources"]}}

    return mutate


def disk(**ebs):
    return {"DeviceName": "/dev/xvda", "Ebs": {"VolumeType": "gp3", **ebs}}


GOOD = template(
    {
        "Key": ("AWS::KMS::Key", {}),
        "Vpc": ("AWS::EC2::VPC", {}),
        "Subnet": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "MapPublicIpOnLaunch": False}),
        "Table": ("AWS::EC2::RouteTable", {"VpcId": {"Ref": "Vpc"}}),
        "Association": (
            "AWS::EC2::SubnetRouteTableAssociation",
            {"SubnetId": {"Ref": "Subnet"}, "RouteTableId": {"Ref": "Table"}},
        ),
        "Gateway": ("AWS::EC2::InternetGateway", {}),
        "Role": (
            ROLE,
            {
                "RoleName": "nodes",
                "ManagedPolicyArns": [
                    aws("AmazonEKSWorkerNodePolicy"),
                    aws("AmazonEC2ContainerRegistryPullOnly"),
                ],
            },
        ),
        "Template": (
            LT,
            {
                "LaunchTemplateName": "nodes",
                "LaunchTemplateData": {
                    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                    "BlockDeviceMappings": [disk(Encrypted=True, KmsKeyId=KEY)],
                    "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}],
                    "Monitoring": {"Enabled": True},
                    "UserData": base64.b64encode(b"[settings.kubernetes]\ncluster-name = 'one'\n").decode(),
                },
            },
        ),
        "Nodes": (
            GROUP,
            {
                "Version": supported()[-1],
                "AmiType": "BOTTLEROCKET_ARM_64",
                "InstanceTypes": ["m7g.large", "m7gd.large"],
                "NodeRole": {"Fn::GetAtt": ["Role", "Arn"]},
                "Subnets": [{"Ref": "Subnet"}],
                "LaunchTemplate": {"Id": {"Ref": "Template"}, "Version": "1"},
            },
        ),
    }
)
PLAIN_GROUP = both(drop(GROUP, "LaunchTemplate"), drop(LT, ""))
SCALED = template(
    {
        "A": ("AWS::EC2::Subnet", {"AvailabilityZone": {"Fn::Select": [0, {"Fn::GetAZs": ""}]}}),
        "B": ("AWS::EC2::Subnet", {"AvailabilityZone": {"Fn::Select": [1, {"Fn::GetAZs": ""}]}}),
        "Template": (LT, {"LaunchTemplateData": {}}),
        "Group": (
            ASG,
            {
                "VPCZoneIdentifier": [{"Ref": "A"}, {"Ref": "B"}],
                "MixedInstancesPolicy": {
                    "LaunchTemplate": {
                        "LaunchTemplateSpecification": {"LaunchTemplateId": {"Ref": "Template"}},
                        "Overrides": [{"InstanceType": "m7g.large"}, {"InstanceType": "m6g.large"}],
                    }
                },
                "TargetGroupARNs": ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/x/1"],
                "HealthCheckType": "ELB",
                "NotificationConfigurations": [{"TopicARN": {"Ref": "Topic"}, "NotificationTypes": EVENTS}],
                "Tags": [{"Key": "owner", "Value": "x", "PropagateAtLaunch": True}],
            },
        ),
    }
)
HOST = template(
    {
        "Host": (
            INSTANCE,
            {
                "InstanceType": "m7g.large",
                "DisableApiTermination": True,
                "EbsOptimized": True,
                "SubnetId": {"Ref": "Subnet"},
                "Monitoring": True,
            },
        )
    }
)
INHERITING = template(
    {
        "Template": (
            LT,
            {
                "LaunchTemplateName": "admin",
                "LaunchTemplateData": {
                    "InstanceType": "m7g.large",
                    "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1},
                    "BlockDeviceMappings": [disk(Encrypted=True, KmsKeyId=KEY)],
                    "Monitoring": {"Enabled": True},
                    "DisableApiTermination": True,
                    "EbsOptimized": "true",
                    "NetworkInterfaces": [{"SubnetId": {"Ref": "Subnet"}}],
                },
            },
        ),
        "Key": ("AWS::KMS::Key", {}),
        "Host": (INSTANCE, {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"}}),
    }
)


def instance(**properties):
    return template({"Host": (INSTANCE, properties)})


def configuration(**properties):
    return template({"Configuration": (LC, properties)})


def devices(*mappings):
    return change(LT, DEVICES, list(mappings))


def user_data(value):
    return change(LT, f"{DATA}.UserData", value)


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def types(*names):
    return change(GROUP, "InstanceTypes", list(names))


def policies(*arns):
    return change(ROLE, "ManagedPolicyArns", list(arns))


def inline(*statements):
    return change(ROLE, "Policies", [{"PolicyName": "p", "PolicyDocument": {"Statement": list(statements)}}])


def may(*actions, resource="*"):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def attached(*statements):
    return plus(Extra=(POLICY, {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": list(statements)}}))


def otherwise_used(*statements, **user):
    """The role with a policy, used by something other than the node group."""
    role = inline(*statements)
    return both(drop(GROUP, ""), both(role, plus(**user)))


def route(**more):
    return plus(Route=("AWS::EC2::Route", {"RouteTableId": {"Ref": "Table"}, **more}))


DATABASE = "#!/bin/sh\nexport password=correct-horse-battery\n"
IMDS = """
TOKEN=`curl -X PUT "http://169.254.169.254/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 21600"`
curl -H "X-aws-ec2-metadata-token: $TOKEN" http://169.254.169.254/latest/meta-data/
"""
PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nx"
EIGHT = "x" * 8
CACHE = may("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
READ = may("ecr:Get*", "ecr:BatchGetImage", "ecr:List*", "ecr:Describe*")

CASES = [
    Case(
        c.node_version_supported,
        GOOD,
        {
            "extended": change(GROUP, "Version", "1.32"),
            "long gone": change(GROUP, "Version", "1.21"),
            "not there": change(GROUP, "Version", "1.99"),
            "hidden": hide(GROUP, "Version"),
            "number": change(GROUP, "Version", 1.32),
            "list": change(GROUP, "Version", [supported()[-1]]),
            "empty": change(GROUP, "Version", ""),
        },
        {
            "the cluster's": drop(GROUP, "Version"),
            "no value": change(GROUP, "Version", NO_VALUE),
            "number": change(GROUP, "Version", float(supported()[-1])),
            "oldest in support": change(GROUP, "Version", supported()[0]),
            "joined": change(GROUP, "Version", {"Fn::Sub": ["${V}", {"V": supported()[-1]}]}),
        },
    ),
    Case(
        c.managed_nodes,
        SCALED,
        {
            "tagged": change(ASG, "Tags", [{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
            "name joined": change(ASG, "Tags.0.Key", {"Fn::Sub": "kubernetes.io/cluster/${Cluster}"}),
            "among others": change(ASG, "Tags", [{"Key": "a"}, "odd", {"Key": "kubernetes.io/cluster/one"}]),
            "sometimes": change(ASG, "Tags", [chosen({"Key": "kubernetes.io/cluster/one", "Value": "owned"})]),
            "all tags sometimes": change(ASG, "Tags", chosen([{"Key": "kubernetes.io/cluster/one"}], [])),
            "single instance": instance(Tags=[{"Key": "kubernetes.io/cluster/one", "Value": "owned"}]),
        },
        {
            "no tags": drop(ASG, "Tags"),
            "similar": change(ASG, "Tags.0.Key", "kubernetes.io/role"),
            "malformed": change(ASG, "Tags", {"kubernetes.io": 1}),
            "tags hidden": hide(ASG, "Tags"),
            "managed": GOOD,
        },
    ),
    Case(
        c.imds_v2,
        GOOD,
        {
            "optional": change(LT, f"{METADATA}.HttpTokens", "optional"),
            "left out": drop(LT, f"{METADATA}.HttpTokens"),
            "no options": drop(LT, METADATA),
            "no data": drop(LT, DATA),
            "hidden": hide(LT, f"{METADATA}.HttpTokens"),
            "options hidden": hide(LT, METADATA),
            "in one case only": change(LT, f"{METADATA}.HttpTokens", chosen("required", "optional")),
            "another case": change(LT, f"{METADATA}.HttpTokens", "Required"),
            "boolean": change(LT, f"{METADATA}.HttpTokens", True),
            "malformed": change(LT, METADATA, ["required"]),
            "no launch template": PLAIN_GROUP,
            "launch template with no value": change(GROUP, "LaunchTemplate", NO_VALUE),
            "launch template sometimes": change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}})),
            "launch template of no name": change(GROUP, "LaunchTemplate", {}),
            "endpoint hidden": both(
                change(LT, f"{METADATA}.HttpTokens", "optional"), hide(LT, f"{METADATA}.HttpEndpoint")
            ),
            "instance": instance(InstanceType="m7g.large"),
            "instance overrides": both(
                lambda _: INHERITING, change(INSTANCE, "MetadataOptions", {"HttpTokens": "optional"})
            ),
            "launch configuration": configuration(ImageId="ami-1"),
        },
        {
            "no metadata service": change(LT, METADATA, {"HttpEndpoint": "disabled"}),
            "either way": change(LT, f"{METADATA}.HttpTokens", chosen("required", "required")),
            "launch template elsewhere": both(drop(LT, ""), change(GROUP, "LaunchTemplate.Id", "lt-1")),
            "one template or another": change(
                GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}}, {"Id": "lt-1"})
            ),
            "instance with a launch template": INHERITING,
            "instance": instance(MetadataOptions={"HttpTokens": "required"}),
            "launch configuration": configuration(MetadataOptions={"HttpTokens": "required"}),
        },
    ),
    Case(
        c.imds_hop_limit,
        GOOD,
        {
            "two": change(LT, f"{METADATA}.HttpPutResponseHopLimit", 2),
            "two as text": change(LT, f"{METADATA}.HttpPutResponseHopLimit", "2"),
            "left out": drop(LT, f"{METADATA}.HttpPutResponseHopLimit"),
            "no options": drop(LT, METADATA),
            "hidden": hide(LT, f"{METADATA}.HttpPutResponseHopLimit"),
            "in one case only": change(LT, f"{METADATA}.HttpPutResponseHopLimit", chosen(1, 2)),
            "boolean": change(LT, f"{METADATA}.HttpPutResponseHopLimit", True),
            "no number": change(LT, f"{METADATA}.HttpPutResponseHopLimit", ["1"]),
            "no launch template": PLAIN_GROUP,
            "launch template sometimes": change(GROUP, "LaunchTemplate", chosen({"Id": {"Ref": "Template"}})),
            "launch configuration": configuration(MetadataOptions={"HttpPutResponseHopLimit": 3}),
        },
        {
            "text": change(LT, f"{METADATA}.HttpPutResponseHopLimit", "1"),
            "no metadata service": change(LT, METADATA, {"HttpEndpoint": "disabled"}),
            "launch template elsewhere": both(drop(LT, ""), change(GROUP, "LaunchTemplate.Id", "lt-1")),
            "launch configuration": configuration(MetadataOptions={"HttpPutResponseHopLimit": "1"}),
            "single instance": instance(InstanceType="m7g.large"),
        },
    ),
    Case(
        c.volumes_encrypted,
        GOOD,
        {
            "off": change(LT, f"{DEVICES}.0.Ebs.Encrypted", False),
            "off as text": change(LT, f"{DEVICES}.0.Ebs.Encrypted", "false"),
            "left out": drop(LT, f"{DEVICES}.0.Ebs.Encrypted"),
            "hidden": hide(LT, f"{DEVICES}.0.Ebs.Encrypted"),
            "no volume settings": drop(LT, f"{DEVICES}.0.Ebs"),
            "volume settings hidden": hide(LT, f"{DEVICES}.0.Ebs"),
            "volume settings malformed": change(LT, f"{DEVICES}.0.Ebs", True),
            "as the image has it": drop(LT, DEVICES),
            "empty": devices(),
            "all hidden": hide(LT, DEVICES),
            "one hidden": both(
                devices(disk(Encrypted=True), {"Ref": "Device"}), lambda b: {**b, "Parameters": {"Device": {}}}
            ),
            "one only sometimes encrypted": devices(chosen(disk(Encrypted=True), disk(Encrypted=False))),
            "one malformed": devices(disk(Encrypted=True), "/dev/xvdb"),
            "second off": devices(disk(Encrypted=True), disk(Encrypted=False)),
            "instance store only": devices({"DeviceName": "/dev/xvdc", "VirtualName": "ephemeral0"}),
            "both instance store and volume": devices({"VirtualName": "ephemeral0", **disk(Encrypted=False)}),
            "root taken away only": devices({"DeviceName": "/dev/xvdb", "NoDevice": ""}),
            "no launch template": PLAIN_GROUP,
            "instance": instance(BlockDeviceMappings=[disk(Encrypted=False)]),
            "instance as the image has it": instance(ImageId="ami-1"),
            "launch configuration": configuration(BlockDeviceMappings=[disk()]),
            "volume": template({"Disk": (VOLUME, {"Size": 8})}),
            "volume off": template({"Disk": (VOLUME, {"Encrypted": "false"})}),
        },
        {
            "text": change(LT, f"{DEVICES}.0.Ebs.Encrypted", "true"),
            "instance store as well": devices(disk(Encrypted=True), {"VirtualName": "ephemeral0"}),
            "one taken away": devices(disk(Encrypted=True), {"DeviceName": "/dev/xvdb", "NoDevice": ""}),
            "one sometimes": devices(disk(Encrypted=True), chosen(disk(Encrypted="True"))),
            "instance with a launch template": INHERITING,
            "volume": template({"Disk": (VOLUME, {"Encrypted": "true"})}),
            "launch configuration": configuration(BlockDeviceMappings=[disk(Encrypted=True)]),
        },
    ),
    Case(
        c.volumes_customer_key,
        GOOD,
        {
            "AWS's": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", "alias/aws/ebs"),
            "AWS's, joined": change(
                LT,
                f"{DEVICES}.0.Ebs.KmsKeyId",
                {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/ebs"},
            ),
            "left out": drop(LT, f"{DEVICES}.0.Ebs.KmsKeyId"),
            "empty": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", ""),
            "sometimes": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY)),
            "AWS's sometimes": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY, "alias/aws/ebs")),
            "no key": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Fn::GetAtt": ["Role", "Arn"]}),
            "malformed": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Arn": "x"}),
            "as the image has it": drop(LT, DEVICES),
            "all hidden": hide(LT, DEVICES),
            "second without": devices(disk(KmsKeyId=KEY), disk()),
            "no launch template": PLAIN_GROUP,
            "instance": instance(BlockDeviceMappings=[disk(Encrypted=True)]),
            "volume": template({"Disk": (VOLUME, {"Encrypted": True})}),
        },
        {
            "key in a parameter": hide(LT, f"{DEVICES}.0.Ebs.KmsKeyId"),
            "key by ARN": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", "arn:aws:kms:eu-west-1:111122223333:key/x"),
            "one key or another": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", chosen(KEY, "arn:aws:kms:x:1:key/x")),
            "key of another stack": change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Fn::ImportValue": "keys:Volumes"}),
            "key of a custom resource": both(
                plus(Lookup=("Custom::Lookup", {})),
                change(LT, f"{DEVICES}.0.Ebs.KmsKeyId", {"Fn::GetAtt": ["Lookup", "Arn"]}),
            ),
            "one taken away": devices(disk(KmsKeyId=KEY), {"DeviceName": "/dev/xvdb", "NoDevice": ""}),
            "instance store as well": devices(disk(KmsKeyId=KEY), {"VirtualName": "ephemeral0"}),
            "instance with a launch template": INHERITING,
        },
    ),
    Case(
        c.no_public_ip,
        GOOD,
        {
            "on": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", True),
            "on as text": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", "true"),
            "hidden": hide(LT, f"{INTERFACES}.0.AssociatePublicIpAddress"),
            "interfaces hidden": hide(LT, INTERFACES),
            "data hidden": hide(LT, DATA),
            "second on": change(LT, INTERFACES, [{"DeviceIndex": 0}, {"AssociatePublicIpAddress": True}]),
            "on sometimes": change(LT, INTERFACES, [chosen({"AssociatePublicIpAddress": True}, {"DeviceIndex": 0})]),
            "malformed": change(LT, INTERFACES, ["eth0"]),
            "instance": instance(NetworkInterfaces=[{"DeviceIndex": "0", "AssociatePublicIpAddress": True}]),
            "Elastic IP": template({"Host": (INSTANCE, {}), "Ip": ("AWS::EC2::EIP", {"InstanceId": {"Ref": "Host"}})}),
            "Elastic IP associated": template(
                {
                    "Host": (INSTANCE, {}),
                    "Ip": ("AWS::EC2::EIPAssociation", {"InstanceId": {"Ref": "Host"}, "AllocationId": "eipalloc-1"}),
                }
            ),
            "launch configuration": configuration(AssociatePublicIpAddress=True),
            "launch configuration, hidden": configuration(AssociatePublicIpAddress={"Ref": "Public"}),
        },
        {
            "text": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", "False"),
            "as the subnet says": drop(LT, INTERFACES),
            "not said": drop(LT, f"{INTERFACES}.0.AssociatePublicIpAddress"),
            "no value": change(LT, f"{INTERFACES}.0.AssociatePublicIpAddress", NO_VALUE),
            "one interface or another": change(
                LT, INTERFACES, [chosen({"AssociatePublicIpAddress": False}, {"DeviceIndex": 0})]
            ),
            "launch configuration": configuration(AssociatePublicIpAddress="false"),
            "Elastic IP of a NAT gateway": template({"Host": (INSTANCE, {}), "Ip": ("AWS::EC2::EIP", {})}),
        },
    ),
    Case(
        c.private_subnets,
        GOOD,
        {
            "addresses on launch": change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", True),
            "addresses as text": change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", "true"),
            "addresses hidden": hide("AWS::EC2::Subnet", "MapPublicIpOnLaunch"),
            "route": route(DestinationCidrBlock="0.0.0.0/0", GatewayId={"Ref": "Gateway"}),
            "route on IPv6": route(DestinationIpv6CidrBlock="::/0", GatewayId={"Ref": "Gateway"}),
            "route to a gateway elsewhere": route(DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-1"),
            "second subnet": both(
                plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
                change(GROUP, "Subnets", [{"Ref": "Subnet"}, {"Ref": "Public"}]),
            ),
            "in one case": both(
                plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
                change(GROUP, "Subnets", chosen([{"Ref": "Subnet"}], [{"Ref": "Public"}])),
            ),
            "one in one case": both(
                plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
                change(GROUP, "Subnets", [chosen({"Ref": "Subnet"}, {"Ref": "Public"})]),
            ),
            "Fargate": both(
                plus(
                    Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True}),
                    Profile=("AWS::EKS::FargateProfile", {"Subnets": [{"Ref": "Public"}]}),
                ),
                drop(GROUP, ""),
            ),
        },
        {
            "text": change("AWS::EC2::Subnet", "MapPublicIpOnLaunch", "false"),
            "left out": drop("AWS::EC2::Subnet", "MapPublicIpOnLaunch"),
            "NAT": route(DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-1"),
            "endpoint": route(DestinationCidrBlock="10.1.0.0/16", GatewayId="vgw-1"),
            "public subnet of others": plus(Public=("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True})),
            "subnets elsewhere": change(GROUP, "Subnets", ["subnet-1"]),
            "subnets in a parameter": hide(GROUP, "Subnets"),
            "malformed": change(GROUP, "Subnets", {"a": 1}),
        },
    ),
    Case(
        c.no_remote_access,
        GOOD,
        {
            "everybody": change(GROUP, "RemoteAccess", {"Ec2SshKey": "ops"}),
            "some": change(GROUP, "RemoteAccess", {"Ec2SshKey": "ops", "SourceSecurityGroups": ["sg-1"]}),
            "empty": change(GROUP, "RemoteAccess", {}),
            "sometimes": change(GROUP, "RemoteAccess", chosen({"Ec2SshKey": "ops"})),
            "hidden": hide(GROUP, "RemoteAccess"),
            "malformed": change(GROUP, "RemoteAccess", ["ops"]),
        },
        {"no value": change(GROUP, "RemoteAccess", NO_VALUE)},
    ),
    Case(
        c.no_key_pair,
        GOOD,
        {
            "named": change(LT, f"{DATA}.KeyName", "ops"),
            "hidden": hide(LT, f"{DATA}.KeyName"),
            "sometimes": change(LT, f"{DATA}.KeyName", chosen("ops")),
            "data hidden": hide(LT, DATA),
            "made here": both(
                plus(Pair=("AWS::EC2::KeyPair", {"KeyName": "ops"})), change(LT, f"{DATA}.KeyName", {"Ref": "Pair"})
            ),
            "instance": instance(KeyName="ops"),
            "launch configuration": configuration(KeyName="ops"),
            "malformed": change(LT, f"{DATA}.KeyName", ["ops"]),
        },
        {"no value": change(LT, f"{DATA}.KeyName", NO_VALUE), "no data": drop(LT, DATA)},
    ),
    Case(
        c.nitro_only,
        GOOD,
        {
            "Xen": types("t2.micro"),
            "one of them": types("m7g.large", "m4.large"),
            "not on record": types("z99.large"),
            "no type": types("large"),
            "another case": types("M7G.large"),
            "hidden": hide(GROUP, "InstanceTypes"),
            "one hidden": both(types("x"), hide(GROUP, "InstanceTypes.0")),
            "Xen in one case": types(chosen("m7g.large", "t2.micro")),
            "malformed": types(7),
            "launch template": change(LT, f"{DATA}.InstanceType", "t2.micro"),
            "launch template, hidden": hide(LT, f"{DATA}.InstanceType"),
            "launch template with any type": change(LT, f"{DATA}.InstanceRequirements", {"VCpuCount": {"Min": 2}}),
            "launch template with a pattern": change(
                LT, f"{DATA}.InstanceRequirements", {"AllowedInstanceTypes": ["m7g.*", "m*"]}
            ),
            "requirements hidden": hide(LT, f"{DATA}.InstanceRequirements"),
            "instance": instance(InstanceType="m3.medium"),
            "instance of EC2's default": instance(ImageId="ami-1"),
            "launch configuration": configuration(InstanceType="c4.large"),
            "Auto Scaling group": both(lambda _: SCALED, change(ASG, f"{OVERRIDES}.1.InstanceType", "m4.large")),
            "Auto Scaling group, hidden": both(lambda _: SCALED, hide(ASG, OVERRIDES)),
            "Auto Scaling group with any type": both(
                lambda _: SCALED, change(ASG, OVERRIDES, [{"InstanceRequirements": {"VCpuCount": {"Min": 2}}}])
            ),
        },
        {
            "EKS's default": drop(GROUP, "InstanceTypes"),
            "bare metal": types("m7g.metal"),
            "one or the other": types(chosen("m7g.large", "m7i.large")),
            "all in one case or another": change(GROUP, "InstanceTypes", chosen(["m7g.large"], ["m7i.large"])),
            "new size of a known family": types("m7g.128xlarge"),
            "launch template with a pattern": change(
                LT, f"{DATA}.InstanceRequirements", {"AllowedInstanceTypes": ["m7g.*", "m7i.large"]}
            ),
            "instance": HOST,
            "instance with a launch template": INHERITING,
            "Auto Scaling group": SCALED,
            "Auto Scaling group weighs a template": both(
                lambda _: SCALED, change(ASG, OVERRIDES, [{"LaunchTemplateSpecification": {"Version": "1"}}])
            ),
        },
    ),
    Case(
        c.nitro_transit_encryption,
        GOOD,
        {
            "burstable": types("t3.large"),
            "Nitro of the first years": types("m7g.large", "m5.large"),
            "Xen": types("t2.micro"),
            "EKS's default": drop(GROUP, "InstanceTypes"),
            "EKS's default, plain": both(PLAIN_GROUP, drop(GROUP, "InstanceTypes")),
            "empty": types(),
            "hidden": hide(GROUP, "InstanceTypes"),
            "in one case": types(chosen("m7g.large", "t3.large")),
            "not on record": types("z99.large"),
            "launch template": change(LT, f"{DATA}.InstanceType", "t3.large"),
            "launch template with any type": change(LT, f"{DATA}.InstanceRequirements", {"VCpuCount": {"Min": 2}}),
            "instance": instance(InstanceType="t3.micro"),
            "instance of EC2's default": instance(ImageId="ami-1"),
            "launch configuration": configuration(InstanceType="t3.micro"),
            "Auto Scaling group": both(lambda _: SCALED, change(ASG, f"{OVERRIDES}.1.InstanceType", "t3.large")),
        },
        {
            "named in the launch template": both(
                drop(GROUP, "InstanceTypes"), change(LT, f"{DATA}.InstanceType", "m7i.large")
            ),
            "launch template elsewhere": both(drop(GROUP, "InstanceTypes"), drop(LT, "")),
            "instance": HOST,
            "pattern": change(LT, f"{DATA}.InstanceRequirements", {"AllowedInstanceTypes": ["m7i.*"]}),
        },
    ),
    Case(
        c.container_os,
        GOOD,
        {
            "AL2": change(GROUP, "AmiType", "AL2_x86_64"),
            "Windows": change(GROUP, "AmiType", "WINDOWS_CORE_2022_x86_64"),
            "custom": change(GROUP, "AmiType", "CUSTOM"),
            "left out": drop(GROUP, "AmiType"),
            "hidden": hide(GROUP, "AmiType"),
            "sometimes": change(GROUP, "AmiType", chosen("AL2023_x86_64_STANDARD")),
            "AL2 in one case": change(GROUP, "AmiType", chosen("AL2023_x86_64_STANDARD", "AL2_x86_64")),
            "malformed": change(GROUP, "AmiType", ["BOTTLEROCKET_ARM_64"]),
        },
        {
            "AL2023": change(GROUP, "AmiType", "AL2023_x86_64_STANDARD"),
            "FIPS": change(GROUP, "AmiType", "BOTTLEROCKET_x86_64_FIPS"),
            "architecture joined": change(GROUP, "AmiType", {"Fn::Sub": "AL2023_${Architecture}_STANDARD"}),
            "one or the other": change(GROUP, "AmiType", chosen("BOTTLEROCKET_ARM_64", "AL2023_ARM_64_STANDARD")),
        },
    ),
    Case(
        c.user_data_no_secrets,
        GOOD,
        {
            "password": user_data(encoded(DATABASE)),
            "password of something": user_data(encoded("export DB_PASSWORD=correct-horse-battery\n")),
            "in one command": user_data(encoded("docker run -e MYSQL_ROOT_PASSWORD='correct-horse' mysql:8\n")),
            "as an option": user_data(encoded("register --admin-password=correct-horse-battery\n")),
            "short name": user_data(encoded("DB_PASS=correct-horse DB_USER=ann ./migrate\n")),
            "in capitals": user_data(encoded("REGISTRY_TOKEN: correct-horse-battery\n")),
            "key of a framework": user_data(encoded("Environment=DJANGO_SECRET_KEY=correct-horse\n")),
            "in one word": user_data(encoded("java -Dspring.dbPassword=correct-horse\n")),
            "in JSON": user_data(encoded('{"db_password": "correct-horse"}')),
            "private key": user_data(encoded(PRIVATE_KEY)),
            "access key": user_data(encoded("export AWS_ACCESS_KEY_ID=AKIA" + "A" * 16)),
            "not encoded": user_data(DATABASE),
            "wrapped": user_data("\n".join([encoded(DATABASE)[:30], encoded(DATABASE)[30:], ""])),
            "compressed": user_data(base64.b64encode(gzip.compress(DATABASE.encode())).decode()),
            "encoded by CloudFormation": user_data({"Fn::Base64": DATABASE}),
            "joined": user_data({"Fn::Base64": {"Fn::Join": ["\n", ["#!/bin/sh", DATABASE, {"Ref": "Role"}]]}}),
            "in pieces": user_data({"Fn::Base64": {"Fn::Join": ["", ["password=", EIGHT, {"Ref": "Role"}]]}}),
            "substituted": user_data({"Fn::Base64": {"Fn::Sub": DATABASE + "echo ${AWS::Region}"}}),
            "in one case": user_data({"Fn::Base64": chosen(DATABASE, "#!/bin/sh")}),
            "encoded in one case": user_data(chosen({"Fn::Base64": DATABASE}, {"Fn::Base64": "#!/bin/sh"})),
            "ready in one case": user_data(chosen(encoded(DATABASE), "")),
            "a line in one case": user_data(
                {"Fn::Base64": {"Fn::Join": ["\n", ["#!/bin/sh", chosen(DATABASE, ""), {"Ref": "Role"}]]}}
            ),
            "malformed": user_data([DATABASE]),
            "instance": instance(UserData=encoded(DATABASE)),
            "launch configuration": configuration(UserData={"Fn::Base64": DATABASE}),
            "password of cfn-init": template(
                {
                    "Host": {
                        "Type": INSTANCE,
                        "Properties": {},
                        "Metadata": {"AWS::CloudFormation::Authentication": {"web": {"password": "swordfish"}}},
                    }
                }
            ),
            "file of cfn-init": template(
                {
                    "Host": {
                        "Type": INSTANCE,
                        "Properties": {},
                        "Metadata": {
                            "AWS::CloudFormation::Init": {"config": {"files": {"/x": {"content": PRIVATE_KEY}}}}
                        },
                    }
                }
            ),
        },
        {
            "none": drop(LT, f"{DATA}.UserData"),
            "read at run time": user_data(
                {"Fn::Base64": {"Fn::Sub": "password=$(aws secretsmanager get-secret-value --secret-id ${Secret})"}}
            ),
            "from a parameter": user_data({"Fn::Base64": {"Fn::Sub": "password=${Password}"}}),
            "of something, from a parameter": user_data({"Fn::Base64": {"Fn::Sub": "DB_PASSWORD='${Password}'"}}),
            "of something, at run time": user_data(encoded("DB_PASSWORD=`/usr/bin/fetch-secret db`\n")),
            "where it is": user_data(
                encoded("DB_PASSWORD_FILE=/run/secrets/db\nDB_PASSWORD=/run/secrets/db\nDB_SECRET=arn:aws:x:y:z\n")
            ),
            "token of IMDSv2": user_data(encoded(IMDS)),
            "a manifest": user_data(encoded("password:\n  secretKeyRef:\n    name: payments-database\n")),
            "asked for": user_data(encoded("read -s -p 'Password: ' DB_PASSWORD\n")),
            "words": user_data(encoded("# first pass: everything else\n# no password, a certificate\n")),
            "hidden": hide(LT, f"{DATA}.UserData"),
            "not text": user_data(7),
            "binary": user_data(base64.b64encode(bytes(range(256))).decode()),
            "broken archive": user_data(base64.b64encode(b"\x1f\x8bbroken").decode()),
            "not ASCII": user_data("§"),
            "role of cfn-init": template(
                {
                    "Host": {
                        "Type": INSTANCE,
                        "Properties": {},
                        "Metadata": {
                            "AWS::CloudFormation::Authentication": {
                                "s3": {"type": "S3", "roleName": {"Ref": "Role"}},
                                "web": {"password": {"Ref": "Password"}},
                                "odd": "x",
                            },
                            "AWS::CloudFormation::Init": ["x"],
                        },
                    }
                }
            ),
            "malformed metadata": template({"Host": {"Type": INSTANCE, "Properties": {}, "Metadata": "x"}}),
        },
    ),
    Case(
        c.node_role_pulls_only,
        GOOD,
        {
            "power user": policies(aws("AmazonEC2ContainerRegistryPowerUser")),
            "all of ECR": policies("arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryFullAccess"),
            "administrator": policies(aws("AdministratorAccess")),
            "all but IAM": policies(aws("PowerUserAccess")),
            "in one case": policies(chosen(aws("AmazonEC2ContainerRegistryFullAccess"))),
            "push": inline(may("ecr:PutImage")),
            "any action": inline(may("*")),
            "any action of ECR": inline(may("ECR:*")),
            "wildcard": inline(may("ecr:Put*")),
            "delete": inline(may("ecr:BatchDeleteImage")),
            "administer": inline(may("ecr:SetRepositoryPolicy")),
            "all but": inline({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            "attached": attached(may("ecr:PutImage")),
            "managed policy here": both(
                plus(Push=("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": may("ecr:PutImage")}})),
                policies({"Ref": "Push"}),
            ),
            "policy hidden": both(inline(), hide(ROLE, "Policies.0.PolicyDocument")),
            "role by name": both(
                change(GROUP, "NodeRole", "arn:aws:iam::111122223333:role/x/nodes"), inline(may("ecr:PutImage"))
            ),
            "role in one case": both(
                change(GROUP, "NodeRole", chosen({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws:iam::1:role/other")),
                inline(may("ecr:PutImage")),
            ),
            "Auto Mode": otherwise_used(
                may("ecr:PutImage"),
                Cluster=("AWS::EKS::Cluster", {"ComputeConfig": {"NodeRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}),
            ),
            "let in as a node": otherwise_used(
                may("ecr:PutImage"),
                Entry=("AWS::EKS::AccessEntry", {"Type": "EC2_LINUX", "PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
            ),
        },
        {
            "read only": policies(aws("AmazonEC2ContainerRegistryReadOnly")),
            "reading": inline(READ),
            "deny": inline({**may("ecr:PutImage"), "Effect": "Deny"}),
            "role of a person": otherwise_used(
                may("ecr:PutImage"),
                Entry=("AWS::EKS::AccessEntry", {"PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
            ),
            "role of nobody": both(drop(GROUP, ""), inline(may("ecr:*"))),
            "malformed": change(ROLE, "ManagedPolicyArns", {"a": 1}),
            "policies malformed": change(ROLE, "Policies", "x"),
        },
    ),
    Case(
        c.node_role_least,
        GOOD,
        {
            "CNI": policies(aws("AmazonEKSWorkerNodePolicy"), aws("AmazonEKS_CNI_Policy")),
            "CSI": policies("arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"),
            "administrator": policies(aws("AdministratorAccess")),
            "own policy elsewhere": policies("arn:aws:iam::111122223333:policy/team"),
            "policy in a parameter": hide(ROLE, "ManagedPolicyArns.0"),
            "policies in a parameter": hide(ROLE, "ManagedPolicyArns"),
            "in one case": policies(chosen(aws("AmazonEKS_CNI_Policy"))),
            "bucket": inline(may("s3:GetObject")),
            "one too many": inline(may("ec2:DescribeInstances", "ec2:TerminateInstances")),
            "everything": inline(may("*")),
            "all but": inline({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
            "parameters of SSM": inline(may("ssm:GetParameter")),
            "action hidden": inline({"Effect": "Allow", "Action": {"Ref": "Action"}, "Resource": "*"}),
            "policy hidden": both(inline(), hide(ROLE, "Policies.0.PolicyDocument")),
            "attached": attached(may("sqs:*")),
            "managed policy here": both(
                plus(More=("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": may("s3:*")}})),
                policies({"Ref": "More"}),
            ),
            "Auto Mode": otherwise_used(
                may("s3:*"),
                Cluster=("AWS::EKS::Cluster", {"ComputeConfig": {"NodeRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}}),
            ),
        },
        {
            "sessions": policies(aws("AmazonEKSWorkerNodeMinimalPolicy"), aws("AmazonSSMManagedInstanceCore")),
            "pull of some repositories": inline(CACHE),
            "sessions written out": inline(may("ssmmessages:OpenDataChannel", "ssm:UpdateInstanceInformation")),
            "describe": inline(may("ec2:Describe*", "eks:DescribeCluster")),
            "deny": inline({**may("s3:*"), "Effect": "Deny"}),
            "harmless policy here": both(
                plus(More=("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": may("ec2:DescribeTags")}})),
                policies({"Ref": "More"}),
            ),
            "role of nobody": both(drop(GROUP, ""), inline(may("s3:*"))),
            "in China": policies("arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodePolicy"),
        },
    ),
    Case(
        c.detailed_monitoring,
        GOOD,
        {
            "off": change(LT, f"{DATA}.Monitoring.Enabled", False),
            "off as text": change(LT, f"{DATA}.Monitoring.Enabled", "false"),
            "left out": drop(LT, f"{DATA}.Monitoring"),
            "hidden": hide(LT, f"{DATA}.Monitoring.Enabled"),
            "all hidden": hide(LT, f"{DATA}.Monitoring"),
            "malformed": change(LT, f"{DATA}.Monitoring", True),
            "instance": both(lambda _: HOST, drop(INSTANCE, "Monitoring")),
            "instance off": both(lambda _: HOST, change(INSTANCE, "Monitoring", "false")),
            "instance overrides": both(lambda _: INHERITING, change(INSTANCE, "Monitoring", False)),
            "launch configuration": configuration(InstanceMonitoring=False),
            "launch configuration, hidden": configuration(InstanceMonitoring={"Ref": "Monitored"}),
        },
        {
            "text": change(LT, f"{DATA}.Monitoring.Enabled", "true"),
            "instance": HOST,
            "instance with a launch template": INHERITING,
            "instance with a named launch template": both(
                lambda _: INHERITING, change(INSTANCE, "LaunchTemplate", {"LaunchTemplateName": "admin"})
            ),
            "launch configuration": configuration(ImageId="ami-1"),
        },
    ),
    Case(
        c.asg_launch_template,
        SCALED,
        {
            "launch configuration": both(
                drop(ASG, "MixedInstancesPolicy"), change(ASG, "LaunchConfigurationName", "old")
            ),
            "launch configuration as well": change(ASG, "LaunchConfigurationName", {"Ref": "Old"}),
            "of an instance": both(drop(ASG, "MixedInstancesPolicy"), change(ASG, "InstanceId", "i-1")),
            "one type": both(
                drop(ASG, "MixedInstancesPolicy"),
                change(ASG, "LaunchTemplate", {"LaunchTemplateId": {"Ref": "Template"}, "Version": "1"}),
            ),
            "one override": change(ASG, OVERRIDES, [{"InstanceType": "m7g.large"}]),
            "the same type twice": change(ASG, f"{OVERRIDES}.1.InstanceType", "m7g.large"),
            "no override": drop(ASG, OVERRIDES),
            "policy hidden": hide(ASG, "MixedInstancesPolicy"),
            "one subnet": change(ASG, "VPCZoneIdentifier", [{"Ref": "A"}]),
            "one subnet written out": change(ASG, "VPCZoneIdentifier", ["subnet-1"]),
            "two subnets of one zone": both(
                change("AWS::EC2::Subnet", "AvailabilityZone", "eu-west-1a"), lambda body: body
            ),
            "no subnets": drop(ASG, "VPCZoneIdentifier"),
            "one zone": both(drop(ASG, "VPCZoneIdentifier"), change(ASG, "AvailabilityZones", ["eu-west-1a"])),
        },
        {
            "all zones": both(drop(ASG, "VPCZoneIdentifier"), change(ASG, "AvailabilityZones", {"Fn::GetAZs": ""})),
            "subnets in a parameter": hide(ASG, "VPCZoneIdentifier"),
            "subnets joined": change(ASG, "VPCZoneIdentifier", [{"Fn::Join": [",", ["subnet-1", {"Ref": "More"}]]}]),
            "subnets as text": change(ASG, "VPCZoneIdentifier", "subnet-1,subnet-2"),
            "subnets without a zone": drop("AWS::EC2::Subnet", "AvailabilityZone"),
            "any fitting type": change(ASG, OVERRIDES, [{"InstanceRequirements": {"VCpuCount": {"Min": 2}}}]),
            "types in a parameter": hide(ASG, OVERRIDES),
        },
    ),
    Case(
        c.asg_health,
        SCALED,
        {
            "EC2's health": change(ASG, "HealthCheckType", "EC2"),
            "left out": drop(ASG, "HealthCheckType"),
            "hidden": hide(ASG, "HealthCheckType"),
            "hidden by a telling name": change(ASG, "HealthCheckType", {"Ref": "ELBHealth"}),
            "sometimes": change(ASG, "HealthCheckType", chosen("ELB", "EC2")),
            "malformed": change(ASG, "HealthCheckType", {"Type": "ELB"}),
            "classic": both(
                both(drop(ASG, "TargetGroupARNs"), change(ASG, "LoadBalancerNames", ["x"])),
                drop(ASG, "HealthCheckType"),
            ),
            "traffic source": both(
                both(drop(ASG, "TargetGroupARNs"), change(ASG, "TrafficSources", [{"Identifier": "arn:x"}])),
                drop(ASG, "HealthCheckType"),
            ),
            "balancer hidden": both(hide(ASG, "TargetGroupARNs"), drop(ASG, "HealthCheckType")),
            "nobody is told": drop(ASG, "NotificationConfigurations"),
            "nobody named": change(ASG, "NotificationConfigurations", []),
            "told hidden": hide(ASG, "NotificationConfigurations"),
            "errors left out": change(ASG, "NotificationConfigurations.0.NotificationTypes", [EVENTS[0], EVENTS[2]]),
            "of nothing": drop(ASG, "NotificationConfigurations.0.NotificationTypes"),
            "malformed told": change(ASG, "NotificationConfigurations", ["arn:x"]),
        },
        {
            "no balancer": both(drop(ASG, "TargetGroupARNs"), drop(ASG, "HealthCheckType")),
            "both": change(ASG, "HealthCheckType", "EC2,ELB"),
            "lattice": change(ASG, "HealthCheckType", "VPC_LATTICE"),
            "one or the other": change(ASG, "HealthCheckType", chosen("ELB", "EBS,ELB")),
            "two topics": change(
                ASG,
                "NotificationConfigurations",
                [
                    {"TopicARN": "arn:x", "NotificationTypes": EVENTS[:2]},
                    {"TopicARN": "arn:y", "NotificationTypes": EVENTS[2:]},
                ],
            ),
            "the older property": both(
                drop(ASG, "NotificationConfigurations"),
                change(ASG, "NotificationConfiguration", {"TopicARN": "arn:x", "NotificationTypes": EVENTS}),
            ),
        },
    ),
    Case(
        c.instance_hardening,
        HOST,
        {
            "may be terminated": change(INSTANCE, "DisableApiTermination", False),
            "may be terminated by default": drop(INSTANCE, "DisableApiTermination"),
            "hidden": hide(INSTANCE, "DisableApiTermination"),
            "not optimised": change(INSTANCE, "EbsOptimized", "false"),
            "not optimised by default": drop(INSTANCE, "EbsOptimized"),
            "default VPC": drop(INSTANCE, "SubnetId"),
            "interface in the default VPC": both(
                drop(INSTANCE, "SubnetId"), change(INSTANCE, "NetworkInterfaces", [{"DeviceIndex": "0"}])
            ),
            "interfaces hidden": both(drop(INSTANCE, "SubnetId"), hide(INSTANCE, "NetworkInterfaces")),
            "overrides its template": both(lambda _: INHERITING, change(INSTANCE, "DisableApiTermination", False)),
            "template lets it go": both(lambda _: INHERITING, drop(LT, f"{DATA}.DisableApiTermination")),
            "template names no subnet": both(lambda _: INHERITING, drop(LT, f"{DATA}.NetworkInterfaces.0.SubnetId")),
            "template hidden": both(lambda _: INHERITING, hide(LT, DATA)),
            "malformed": change(INSTANCE, "DisableApiTermination", ["true"]),
            # as our own admin host is made
            "may be terminated, whatever its template says": both(
                change(INSTANCE, "DisableApiTermination", False), change(LT, f"{DATA}.DisableApiTermination", False)
            ),
        },
        {
            "text": change(INSTANCE, "EbsOptimized", "true"),
            "its template": INHERITING,
            "its template by name": both(
                lambda _: INHERITING, change(INSTANCE, "LaunchTemplate", {"LaunchTemplateName": "admin"})
            ),
            "interface": both(
                drop(INSTANCE, "SubnetId"), change(INSTANCE, "NetworkInterfaces", [{"SubnetId": {"Ref": "S"}}])
            ),
            "interface made before": both(
                drop(INSTANCE, "SubnetId"), change(INSTANCE, "NetworkInterfaces", [{"NetworkInterfaceId": "eni-1"}])
            ),
            "subnet in a parameter": hide(INSTANCE, "SubnetId"),
        },
    ),
]
