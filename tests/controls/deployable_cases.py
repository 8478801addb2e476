"""Cases of the deployable family: what AWS refuses at deploy time."""

import json

from hardened_eks.controls import deployable as c
from tests.controls.cases import Case, both, change, drop, template

CL, NG, LT = "AWS::EKS::Cluster", "AWS::EKS::Nodegroup", "AWS::EC2::LaunchTemplate"
ADDON, ENTRY = "AWS::EKS::Addon", "AWS::EKS::AccessEntry"
ROLE = "arn:aws:iam::123456789012:role/nodes"
POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

NODES = template(
    {
        "Template": (
            LT,
            {"LaunchTemplateData": {"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}}},
        ),
        "Cluster": (CL, {"Name": "prod", "Version": "1.36", "BootstrapSelfManagedAddons": True}),
        "Nodes": (
            NG,
            {
                "ClusterName": {"Ref": "Cluster"},
                "AmiType": "BOTTLEROCKET_ARM_64",
                "InstanceTypes": ["m7g.large"],
                "NodeRole": ROLE,
                "ScalingConfig": {"MinSize": 1, "DesiredSize": 2, "MaxSize": 3},
                "Version": "1.35",
                "UpdateConfig": {"MaxUnavailable": 1},
                "Labels": {"team": "payments"},
                "Taints": [{"Key": "gpu", "Value": "true", "Effect": "NO_SCHEDULE"}],
                "LaunchTemplate": {
                    "Id": {"Ref": "Template"},
                    "Version": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]},
                },
            },
        ),
    }
)


def buckets(number):
    """ARNs of 40 characters, with quotes and comma."""
    return [f"arn:aws:s3:::payments-invoices-{n:04}/*" for n in range(number)]


def granting(resources):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resources}]}


GRANTED = template(
    {
        "Managed": ("AWS::IAM::ManagedPolicy", {"PolicyDocument": granting(buckets(3))}),
        "Inline": ("AWS::IAM::Policy", {"PolicyName": "p", "PolicyDocument": granting(buckets(3))}),
        "Role": (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": granting("*"),
                "Policies": [{"PolicyName": "p", "PolicyDocument": granting(buckets(3))}],
            },
        ),
        "Key": ("AWS::KMS::Key", {"KeyPolicy": granting("*")}),
        "Endpoint": ("AWS::EC2::VPCEndpoint", {"PolicyDocument": granting(buckets(3))}),
        "Bucket": ("AWS::S3::BucketPolicy", {"PolicyDocument": granting(buckets(3))}),
    }
)


def cluster(**properties):
    return template({"Cluster": (CL, properties)})


def subnets(*zones):
    resources = {
        f"Subnet{n}": ("AWS::EC2::Subnet", {"AvailabilityZone": z, "VpcId": "vpc-1"}) for n, z in enumerate(zones)
    }
    ids = [{"Ref": name} for name in resources]
    return template({**resources, "Cluster": (CL, {"ResourcesVpcConfig": {"SubnetIds": ids}})})


def az(index):
    return {"Fn::Select": [index, {"Fn::GetAZs": ""}]}


def lifecycle(**selection):
    rule = {
        "rulePriority": 1,
        "selection": {
            "tagStatus": "untagged",
            "countType": "sinceImagePushed",
            "countUnit": "days",
            "countNumber": 14,
            **selection,
        },
        "action": {"type": "expire"},
    }
    return {"LifecyclePolicyText": json.dumps({"rules": [rule]})}


def lifecycles(*statuses):
    rules = [
        {**json.loads(lifecycle(tagStatus=status)["LifecyclePolicyText"])["rules"][0], "rulePriority": number}
        for number, status in enumerate(statuses, 1)
    ]
    return {"LifecyclePolicyText": json.dumps({"rules": rules})}


def referring(name, value, kind):
    return template({"Cluster": (CL, {name: value}), "Target": (kind, {})})


def encrypts(what):
    arn = {"Fn::Sub": f"arn:aws:logs:${{AWS::Region}}:${{AWS::AccountId}}:{what}"} if what != "*" else "*"
    return {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}}


def streaming(kind, path):
    parts = {key: DELIVERED["Resources"][key] for key in ("Role", "Policy")}
    return change(kind, path, {"Fn::GetAtt": ["Role", "Arn"]})(template({**parts, "Stream": (kind, {})}))


def matcher(operator, operand):
    return change("AWS::Events::Rule", "EventPattern.detail.eventName", [{operator: operand}])


def depend(name, *on):
    def mutate(body):
        return {**body, "Resources": {**body["Resources"], name: {**body["Resources"][name], "DependsOn": list(on)}}}

    return mutate


def without(name):
    return lambda body: {**body, "Resources": {k: v for k, v in body["Resources"].items() if k != name}}


LOGGED = depend("Cluster", "Logs")(
    template(
        {
            "Logs": ("AWS::Logs::LogGroup", {"LogGroupName": "/aws/eks/prod/cluster"}),
            "Cluster": (CL, {"Name": "prod", "Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "api"}]}}}),
        }
    )
)

KEYED = template(
    {
        "Key": (
            "AWS::KMS::Key",
            {
                "KeyPolicy": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                            "Action": "kms:*",
                            "Resource": "*",
                        },
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": {"Fn::Sub": "logs.${AWS::Region}.amazonaws.com"}},
                            "Action": [
                                "kms:Encrypt*",
                                "kms:Decrypt*",
                                "kms:ReEncrypt*",
                                "kms:GenerateDataKey*",
                                "kms:Describe*",
                            ],
                            "Resource": "*",
                        },
                    ]
                }
            },
        ),
        "Logs": (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "/a", "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "RetentionInDays": 365},
        ),
    }
)

DELIVERED = depend("Flow", "Policy")(
    template(
        {
            "Role": ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {}}),
            "Policy": ("AWS::IAM::Policy", {"Roles": [{"Ref": "Role"}], "PolicyName": "p", "PolicyDocument": {}}),
            "Flow": ("AWS::EC2::FlowLog", {"DeliverLogsPermissionArn": {"Fn::GetAtt": ["Role", "Arn"]}}),
        }
    )
)

NETWORK = template(
    {
        "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        "A": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/20"}),
        "B": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.16.0/20"}),
        "Cluster": (
            CL,
            {
                "ResourcesVpcConfig": {"SubnetIds": [{"Ref": "A"}, {"Ref": "B"}]},
                "KubernetesNetworkConfig": {"ServiceIpv4Cidr": "172.20.0.0/16"},
            },
        ),
    }
)

ADDONS = depend("CoreDns", "Nodes")(
    depend("Nodes", "Cni", "Proxy")(
        template(
            {
                "Cluster": (CL, {"BootstrapSelfManagedAddons": False}),
                "Cni": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "vpc-cni"}),
                "Proxy": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "kube-proxy"}),
                "Nodes": (NG, {"ClusterName": {"Ref": "Cluster"}}),
                "CoreDns": (ADDON, {"ClusterName": {"Ref": "Cluster"}, "AddonName": "coredns"}),
            }
        )
    )
)

POD = template(
    {
        "Role": (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "pods.eks.amazonaws.com"},
                            "Action": ["sts:AssumeRole", "sts:TagSession"],
                        },
                    ]
                }
            },
        ),
        "One": (
            "AWS::EKS::PodIdentityAssociation",
            {
                "ClusterName": "prod",
                "Namespace": "a",
                "ServiceAccount": "b",
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            },
        ),
    }
)

ENTRIES = template(
    {
        "One": (
            ENTRY,
            {
                "ClusterName": "prod",
                "PrincipalArn": ROLE,
                "KubernetesGroups": ["viewers"],
                "AccessPolicies": [{"PolicyArn": POLICY, "AccessScope": {"Type": "namespace", "Namespaces": ["a"]}}],
            },
        ),
    }
)

GROUP = template(
    {
        "Group": (
            "AWS::EC2::SecurityGroup",
            {
                "GroupDescription": "nodes",
                "SecurityGroupEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}],
            },
        ),
        "Rule": (
            "AWS::EC2::SecurityGroupEgress",
            {
                "GroupId": {"Fn::GetAtt": ["Group", "GroupId"]},
                "IpProtocol": "tcp",
                "FromPort": 10250,
                "ToPort": 10250,
                "CidrIp": "10.0.0.0/16",
            },
        ),
    }
)

DEPLOYED = {
    "Name": "prod",
    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
    "Version": "1.36",
    "BootstrapSelfManagedAddons": False,
    "EncryptionConfig": [{"Resources": ["secrets"], "Provider": {"KeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}}],
    "KubernetesNetworkConfig": {"ServiceIpv4Cidr": "172.20.0.0/16"},
    "AccessConfig": {"AuthenticationMode": "API", "BootstrapClusterCreatorAdminPermissions": False},
}

PATTERN = {"source": ["aws.eks"], "detail": {"eventName": [{"prefix": "Create"}], "errorCode": [{"exists": False}]}}

CASES = [
    Case(
        c.nodegroup_launch_template_exclusive,
        NODES,
        {
            "disk size": change(NG, "DiskSize", 50),
            "remote access": change(NG, "RemoteAccess", {"Ec2SshKey": "k"}),
            "hidden disk size": change(NG, "DiskSize", {"Ref": "P"}),
            "instance profile": change(LT, "LaunchTemplateData.IamInstanceProfile", {"Arn": "x"}),
            "market options": change(LT, "LaunchTemplateData.InstanceMarketOptions", {"MarketType": "spot"}),
        },
        {"disk size without template": both(drop(NG, "LaunchTemplate"), change(NG, "DiskSize", 50))},
    ),
    Case(
        c.nodegroup_architecture,
        NODES,
        {
            "x86 type, ARM image": change(NG, "InstanceTypes", ["m7i.large"]),
            "ARM type, x86 image": change(NG, "AmiType", "AL2023_x86_64_STANDARD"),
            "mixed": change(NG, "InstanceTypes", ["m7g.large", "m7i.large"]),
            "image left out": drop(NG, "AmiType"),
            "in the template": both(
                drop(NG, "InstanceTypes"), change(LT, "LaunchTemplateData.InstanceType", "m7i.large")
            ),
        },
        {
            "custom image": change(NG, "AmiType", "CUSTOM"),
            "an image of its own": both(drop(NG, "AmiType"), change(LT, "LaunchTemplateData.ImageId", "ami-1")),
            "a template that is elsewhere": both(drop(NG, "AmiType"), change(NG, "LaunchTemplate", {"Id": "lt-1"})),
            "x86 all over": both(
                change(NG, "AmiType", "BOTTLEROCKET_x86_64"), change(NG, "InstanceTypes", ["m7i.large"])
            ),
        },
    ),
    Case(
        c.instance_type_exists,
        NODES,
        {
            "unknown": change(NG, "InstanceTypes", ["m99.large"]),
            "mistyped": change(NG, "InstanceTypes", ["m7g-large"]),
            "in the template": change(LT, "LaunchTemplateData.InstanceType", "m7g.mega"),
            "instance": template({"Host": ("AWS::EC2::Instance", {"InstanceType": "t9.micro"})}),
        },
        {
            "parameter": change(NG, "InstanceTypes", [{"Ref": "P"}]),
            "a size newer than the data": change(NG, "InstanceTypes", ["m7g.128xlarge"]),
        },
    ),
    Case(
        c.nodegroup_scaling,
        NODES,
        {
            "min above max": change(NG, "ScalingConfig.MinSize", 5),
            "desired above max": change(NG, "ScalingConfig.DesiredSize", 9),
            "desired below min": change(NG, "ScalingConfig.DesiredSize", 0),
            "max zero": change(NG, "ScalingConfig", {"MinSize": 0, "MaxSize": 0}),
            "negative": change(NG, "ScalingConfig.MinSize", -1),
            "as text": change(NG, "ScalingConfig.MinSize", "5"),
            "a word": change(NG, "ScalingConfig.MinSize", "one"),
            "a half": change(NG, "ScalingConfig.MinSize", 1.5),
            "Auto Scaling group": template(
                {"A": ("AWS::AutoScaling::AutoScalingGroup", {"MinSize": "5", "MaxSize": "3"})}
            ),
        },
        {"from zero": change(NG, "ScalingConfig", {"MinSize": 0, "DesiredSize": 0, "MaxSize": 1})},
    ),
    Case(
        c.metadata_hop_limit_range,
        NODES,
        {
            "zero": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 0),
            "65": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 65),
            "text": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", "100"),
            "word": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", "two"),
        },
        {"64": change(LT, "LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit", 64)},
    ),
    Case(
        c.arns_well_formed,
        cluster(
            RoleArn=ROLE,
            EncryptionConfig=[{"Provider": {"KeyArn": "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234"}}],
        ),
        {
            "role name only": change(CL, "RoleArn", "nodes"),
            "short account": change(CL, "RoleArn", "arn:aws:iam::1234:role/nodes"),
            "instance profile": change(CL, "RoleArn", "arn:aws:iam::123456789012:instance-profile/nodes"),
            "key id only": change(CL, "EncryptionConfig.0.Provider.KeyArn", "1234-5678"),
            "access policy of IAM": template(
                {
                    "E": (
                        ENTRY,
                        {
                            "PrincipalArn": ROLE,
                            "AccessPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}],
                        },
                    )
                }
            ),
            "region in a role": change(
                CL, "RoleArn", {"Fn::Sub": "arn:aws:iam:${AWS::Region}:${AWS::AccountId}:role/x"}
            ),
            "colon left out": change(CL, "RoleArn", {"Fn::Sub": "arn:${AWS::Partition}:iam:${AWS::AccountId}:role/x"}),
            "name of a role": referring("RoleArn", {"Ref": "Target"}, "AWS::IAM::Role"),
            "id of a role": referring("RoleArn", {"Fn::GetAtt": ["Target", "RoleId"]}, "AWS::IAM::Role"),
            "ARN of a profile": referring("RoleArn", {"Fn::GetAtt": ["Target", "Arn"]}, "AWS::IAM::InstanceProfile"),
            "id of a key": referring(
                "EncryptionConfig", [{"Provider": {"KeyArn": {"Ref": "Target"}}}], "AWS::KMS::Key"
            ),
            "role of an add-on": template({"A": (ADDON, {"PodIdentityAssociations": [{"RoleArn": "cni"}]})}),
            "managed policy": template(
                {"R": ("AWS::IAM::Role", {"ManagedPolicyArns": ["arn:aws:iam::aws:AmazonEKSClusterPolicy"]})}
            ),
            "key of a volume": template(
                {
                    "T": (
                        LT,
                        {
                            "LaunchTemplateData": {
                                "BlockDeviceMappings": [{"Ebs": {"KmsKeyId": "arn:aws:kms:eu-west-1:1234:key/a"}}]
                            }
                        },
                    )
                }
            ),
            "key of a repository": template(
                {"R": ("AWS::ECR::Repository", {"EncryptionConfiguration": {"KmsKey": "arn:aws:kms:eu-west-1:key/a"}})}
            ),
        },
        {
            "reference": change(CL, "RoleArn", {"Fn::GetAtt": ["Role", "Arn"]}),
            "pseudo parameters": change(
                CL, "RoleArn", {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x"}
            ),
            "name of a policy later": template(
                {
                    "E": (
                        ENTRY,
                        {
                            "PrincipalArn": ROLE,
                            "AccessPolicies": [
                                {
                                    "PolicyArn": {
                                        "Fn::Sub": "arn:${AWS::Partition}:eks::aws:cluster-access-policy/${Policy}"
                                    }
                                },
                                {"PolicyArn": {"Ref": "PolicyArn"}},
                            ],
                        },
                    )
                }
            ),
            "user": template(
                {"U": ("AWS::IAM::User", {}), "E": (ENTRY, {"PrincipalArn": {"Fn::GetAtt": ["U", "Arn"]}})}
            ),
            "key by alias": template(
                {"R": ("AWS::ECR::Repository", {"EncryptionConfiguration": {"KmsKey": "alias/ecr"}})}
            ),
            "own managed policy": template(
                {
                    "P": ("AWS::IAM::ManagedPolicy", {}),
                    "R": (
                        "AWS::IAM::Role",
                        {
                            "ManagedPolicyArns": [
                                {"Ref": "P"},
                                {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/X"},
                            ]
                        },
                    ),
                }
            ),
        },
    ),
    Case(
        c.access_policy_exists,
        ENTRIES,
        {
            "unknown": change(ENTRY, "AccessPolicies.0.PolicyArn", POLICY.replace("View", "Viewer")),
            "behind a Sub": change(
                ENTRY,
                "AccessPolicies.0.PolicyArn",
                {"Fn::Sub": "arn:${AWS::Partition}:eks::aws:cluster-access-policy/AmazonEKSOwnerPolicy"},
            ),
            "namespace scope without namespaces": change(ENTRY, "AccessPolicies.0.AccessScope", {"Type": "namespace"}),
            "cluster scope with namespaces": change(ENTRY, "AccessPolicies.0.AccessScope.Type", "cluster"),
            "unknown scope": change(ENTRY, "AccessPolicies.0.AccessScope.Type", "global"),
        },
        {"cluster scope": change(ENTRY, "AccessPolicies.0.AccessScope", {"Type": "cluster"})},
    ),
    Case(
        c.log_types_exist,
        cluster(Logging={"ClusterLogging": {"EnabledTypes": [{"Type": "api"}, {"Type": "audit"}]}}),
        {
            "unknown": change(CL, "Logging.ClusterLogging.EnabledTypes.0.Type", "controller-manager"),
            "case": change(CL, "Logging.ClusterLogging.EnabledTypes.0.Type", "API"),
            "twice": change(CL, "Logging.ClusterLogging.EnabledTypes.0.Type", "audit"),
            "texts": change(CL, "Logging.ClusterLogging.EnabledTypes", ["api"]),
        },
    ),
    Case(
        c.addon_name_exists,
        template({"A": (ADDON, {"AddonName": "vpc-cni"})}),
        {
            "unknown": change(ADDON, "AddonName", "amazon-vpc-cni"),
            "mistyped": change(ADDON, "AddonName", "core-dns"),
            "chart name": change(ADDON, "AddonName", "cluster-autoscaler"),
            "underscore": change(ADDON, "AddonName", "vpc_cni"),
        },
        {"marketplace": change(ADDON, "AddonName", "upbound_universal-crossplane")},
    ),
    Case(
        c.addon_configuration_json,
        template({"A": (ADDON, {"AddonName": "vpc-cni", "ConfigurationValues": '{"enableNetworkPolicy": "true"}'})}),
        {
            "broken": change(ADDON, "ConfigurationValues", '{"enableNetworkPolicy": "true"'),
            "text": change(ADDON, "ConfigurationValues", "enable"),
            "list": change(ADDON, "ConfigurationValues", "[1]"),
            "boolean": change(ADDON, "ConfigurationValues", '{"enableNetworkPolicy": true}'),
            "an object, not text": change(ADDON, "ConfigurationValues", {"enableNetworkPolicy": "true"}),
            "no number": change(ADDON, "ConfigurationValues", '{"replicaCount": NaN}'),
            "broken YAML": change(ADDON, "ConfigurationValues", "replicaCount: 2\n  tolerations: ["),
            "YAML list": change(ADDON, "ConfigurationValues", "- replicaCount: 2"),
            "broken around a parameter": change(ADDON, "ConfigurationValues", {"Fn::Sub": '{"replicaCount": ${Count}'}),
        },
        {
            "none": drop(ADDON, "ConfigurationValues"),
            "yaml": change(ADDON, "ConfigurationValues", "replicaCount: 2"),
            "parameters inside": change(ADDON, "ConfigurationValues", {"Fn::Sub": '{"a": ${Count}, "b": "${Name}"}'}),
            "a parameter": change(ADDON, "ConfigurationValues", {"Ref": "P"}),
        },
    ),
    Case(
        c.ecr_lifecycle_json,
        template({"R": ("AWS::ECR::Repository", {"LifecyclePolicy": lifecycle()})}),
        {
            "no JSON": change("AWS::ECR::Repository", "LifecyclePolicy.LifecyclePolicyText", "{rules}"),
            "no rules": change("AWS::ECR::Repository", "LifecyclePolicy.LifecyclePolicyText", "{}"),
            "tag status": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagStatus="none")),
            "count type": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countType="age")),
            "count": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countNumber=0)),
            "tagged without tags": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagStatus="tagged")),
            "tags of untagged images": change(
                "AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagPrefixList=["a"])
            ),
            "no unit": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countUnit=None)),
            "unknown unit": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countUnit="weeks")),
            "unit of a count": change(
                "AWS::ECR::Repository", "LifecyclePolicy", lifecycle(countType="imageCountMoreThan")
            ),
            "unknown key": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycle(tagStatuses="any")),
            "any image first": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycles("any", "untagged")),
            "any image twice": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycles("any", "any")),
        },
        {
            "none": drop("AWS::ECR::Repository", "LifecyclePolicy"),
            "any image last": change("AWS::ECR::Repository", "LifecyclePolicy", lifecycles("untagged", "any")),
        },
    ),
    Case(
        c.event_pattern_shape,
        template({"R": ("AWS::Events::Rule", {"EventPattern": PATTERN})}),
        {
            "scalar leaf": change("AWS::Events::Rule", "EventPattern.source", "aws.eks"),
            "unknown operator": change(
                "AWS::Events::Rule", "EventPattern.detail.eventName", [{"startsWith": "Create"}]
            ),
            "unknown field": change("AWS::Events::Rule", "EventPattern.eventName", ["CreateCluster"]),
            "camel case": change("AWS::Events::Rule", "EventPattern.detailType", ["x"]),
            "empty list": change("AWS::Events::Rule", "EventPattern.source", []),
            "nothing": drop("AWS::Events::Rule", "EventPattern"),
            "broken text": change("AWS::Events::Rule", "EventPattern", "{"),
            "a list": change("AWS::Events::Rule", "EventPattern", ["aws.eks"]),
            "a list as text": change("AWS::Events::Rule", "EventPattern", "[1]"),
            "two operators": change(
                "AWS::Events::Rule", "EventPattern.detail.eventName", [{"prefix": "a", "suffix": "b"}]
            ),
            "exists as text": matcher("exists", "yes"),
            "prefixes": matcher("prefix", ["a", "b"]),
            "half a comparison": matcher("numeric", [">"]),
            "unknown comparison": matcher("numeric", ["=>", 1]),
            "address for a block": matcher("cidr", "10.0.0.1"),
            "anything but what": matcher("anything-but", {"startswith": "a"}),
            "two wildcards together": matcher("wildcard", "a**"),
            "or of one": change("AWS::Events::Rule", "EventPattern.$or", [{"account": ["1"]}]),
            "or without a list": change("AWS::Events::Rule", "EventPattern.$or", {"account": ["1"]}),
        },
        {
            "schedule": both(
                drop("AWS::Events::Rule", "EventPattern"),
                change("AWS::Events::Rule", "ScheduleExpression", "rate(1 day)"),
            ),
            "or": change("AWS::Events::Rule", "EventPattern.$or", [{"account": ["1"]}, {"region": ["x"]}]),
            "range": matcher("numeric", [">", 0, "<=", 5]),
            "block": matcher("cidr", "10.0.0.0/24"),
            "case aside": matcher("prefix", {"equals-ignore-case": "create"}),
            "anything but": matcher("anything-but", {"prefix": "Describe"}),
            "anything but a list": matcher("anything-but", ["a", "b"]),
            "wildcard": matcher("wildcard", "Create*Profile"),
        },
    ),
    Case(
        c.metric_filter_syntax,
        template(
            {
                "F": (
                    "AWS::Logs::MetricFilter",
                    {"FilterPattern": "{ ($.responseStatus.code = 401) || ($.responseStatus.code = 403) }"},
                )
            }
        ),
        {
            "brace": change("AWS::Logs::MetricFilter", "FilterPattern", "{ $.a = 1"),
            "parenthesis": change("AWS::Logs::MetricFilter", "FilterPattern", "{ ($.a = 1 }"),
            "quote": change("AWS::Logs::MetricFilter", "FilterPattern", '{ $.a = "x }'),
            "no braces": change("AWS::Logs::MetricFilter", "FilterPattern", "$.a = 1"),
            "double equals": change("AWS::Logs::MetricFilter", "FilterPattern", "{ $.a == 1 }"),
            "single and": change("AWS::Logs::MetricFilter", "FilterPattern", "{ $.a = 1 & $.b = 2 }"),
            "no selector": change("AWS::Logs::MetricFilter", "FilterPattern", "{ code = 401 }"),
            **{
                pattern: change("AWS::Logs::MetricFilter", "FilterPattern", pattern)
                for pattern in (
                    "{ $.a = }",
                    "{ $.a }",
                    "{ $.a = 1 && }",
                    "{ $.a = 1 AND $.b = 2 }",
                    "{ $.a =~ x }",
                    "{ $.a = foo bar }",
                    "{ $.a = 'x' }",
                    "{ )$.a = 1( }",
                    "{ $.a NOTEXISTS }",
                    "{ code = 401 && $.a = 2 }",
                    "{ }",
                )
            },
            "behind a Sub": change(
                "AWS::Logs::MetricFilter", "FilterPattern", {"Fn::Sub": '{ $.account = "${AWS::AccountId}"'}
            ),
        },
        {
            "text": change("AWS::Logs::MetricFilter", "FilterPattern", "ERROR -timeout"),
            "brace in quotes": change("AWS::Logs::MetricFilter", "FilterPattern", '{ $.a = "}" }'),
            "fields": change("AWS::Logs::MetricFilter", "FilterPattern", "[ip, user, status=4*]"),
            "behind a Sub": change(
                "AWS::Logs::MetricFilter", "FilterPattern", {"Fn::Sub": '{ $.account = "${AWS::AccountId}" }'}
            ),
            "a parameter": change("AWS::Logs::MetricFilter", "FilterPattern", {"Ref": "P"}),
            **{
                pattern: change("AWS::Logs::MetricFilter", "FilterPattern", pattern)
                for pattern in (
                    '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
                    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
                    "{ (($.a = 1) || ($.b.items[0].c >= 2.5)) && $.d IS TRUE }",
                    '{ $.errorCode = "*Unauthorized*" || $.x = Access* }',
                    "{ $.source = kms.amazonaws.com }",
                    "{ $.a = %4[0-9]{2}% }",
                    "{ $.ip = 10.* }",
                )
            },
        },
    ),
    Case(
        c.subnets_span_zones,
        subnets(az(0), az(1), az(2)),
        {
            "one zone": subnets(az(0), az(0)),
            "one zone, written in two ways": subnets(
                az(0), az("0"), {"Fn::Select": [0, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]}
            ),
            "one named zone": subnets("eu-west-1a", "eu-west-1a"),
            "one subnet": subnets(az(0)),
            "one literal subnet": cluster(ResourcesVpcConfig={"SubnetIds": ["subnet-1"]}),
            "refused zone": change("AWS::EC2::Subnet", "AvailabilityZoneId", "use1-az3"),
        },
        {
            "named zones": subnets("eu-west-1a", "eu-west-1b"),
            "elsewhere": cluster(ResourcesVpcConfig={"SubnetIds": ["subnet-1", "subnet-2"]}),
            "parameter": cluster(ResourcesVpcConfig={"SubnetIds": {"Ref": "Subnets"}}),
        },
    ),
    Case(
        c.endpoint_service_exists,
        template(
            {
                "E": (
                    "AWS::EC2::VPCEndpoint",
                    {
                        "VpcEndpointType": "Interface",
                        "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.ecr.api"},
                    },
                )
            }
        ),
        {
            "unknown": change("AWS::EC2::VPCEndpoint", "ServiceName", {"Fn::Sub": "com.amazonaws.${AWS::Region}.ecr"}),
            "literal region": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1.eksauth"),
            "gateway": change("AWS::EC2::VPCEndpoint", "VpcEndpointType", "Gateway"),
            "route53": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1.route53x"),
            "region misspelt": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-wst-1.ecr.api"),
            "zone for a region": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1a.ecr.api"),
            "short": change("AWS::EC2::VPCEndpoint", "ServiceName", "ecr.api"),
            "com.amazon": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazon.eu-west-1.ecr.api"),
            "region by parameter": change(
                "AWS::EC2::VPCEndpoint", "ServiceName", {"Fn::Sub": "com.amazonaws.${Region}.eksauth"}
            ),
        },
        {
            "of somebody else": change(
                "AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
            ),
            "of all regions": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.s3-global.accesspoint"),
            "sovereign cloud": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eusc-de-east-1.ecr.api"),
            "GovCloud": change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.us-gov-west-1.ecr.api"),
            "s3 gateway": both(
                change("AWS::EC2::VPCEndpoint", "VpcEndpointType", "Gateway"),
                change("AWS::EC2::VPCEndpoint", "ServiceName", "com.amazonaws.eu-west-1.s3"),
            ),
        },
    ),
    Case(
        c.kubernetes_version_exists,
        cluster(Version="1.36"),
        {
            "past": change(CL, "Version", "1.9"),
            "ended": change(CL, "Version", "1.23"),
            "number": change(CL, "Version", 1.4),
            "patch": change(CL, "Version", "1.36.1"),
        },
        {
            "extended": change(CL, "Version", "1.33"),
            "newer than this release knows": change(CL, "Version", "1.99"),
            "parameter": change(CL, "Version", {"Ref": "P"}),
        },
    ),
    Case(
        c.nodegroup_version_skew,
        NODES,
        {
            "newer": change(NG, "Version", "1.37"),
            "four behind": change(NG, "Version", "1.32"),
            "cluster downgraded": change(CL, "Version", "1.34"),
            "newer by its release": both(
                drop(NG, "Version"),
                change(NG, "AmiType", "AL2023_ARM_64_STANDARD"),
                change(NG, "ReleaseVersion", "1.37.0-20261101"),
            ),
            "cluster by a parameter": both(
                change(CL, "Name", {"Ref": "P"}), change(NG, "ClusterName", {"Ref": "P"}), change(NG, "Version", "1.37")
            ),
        },
        {
            "three behind": change(NG, "Version", "1.33"),
            "left out": drop(NG, "Version"),
            "Bottlerocket release": both(drop(NG, "Version"), change(NG, "ReleaseVersion", "1.49.0-5d9ac849")),
            "Bottlerocket release of digits": both(drop(NG, "Version"), change(NG, "ReleaseVersion", "1.49.0-20261101")),
            "release of the same version": both(
                drop(NG, "Version"),
                change(NG, "AmiType", "AL2023_ARM_64_STANDARD"),
                change(NG, "ReleaseVersion", "1.36.2-20261101"),
            ),
        },
    ),
    Case(
        c.security_group_rules_unique,
        GROUP,
        {
            "separate repeats inline": both(
                change("AWS::EC2::SecurityGroupEgress", "FromPort", 443),
                change("AWS::EC2::SecurityGroupEgress", "ToPort", 443),
            ),
            "inline twice": change(
                "AWS::EC2::SecurityGroup",
                "SecurityGroupEgress",
                [
                    {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                    {"IpProtocol": "-1", "CidrIp": "10.0.0.0/8", "Description": "x"},
                ],
            ),
            "as text": both(
                change("AWS::EC2::SecurityGroupEgress", "FromPort", "443"),
                change("AWS::EC2::SecurityGroupEgress", "ToPort", "443"),
            ),
            "protocol by number": change(
                "AWS::EC2::SecurityGroup",
                "SecurityGroupEgress",
                [{"IpProtocol": p, "FromPort": 1, "ToPort": 1, "CidrIp": "10.0.0.0/8"} for p in ("tcp", "6")],
            ),
            "ports of all protocols": change(
                "AWS::EC2::SecurityGroup",
                "SecurityGroupEgress",
                [
                    {"IpProtocol": -1, "CidrIp": "10.0.0.0/8"},
                    {"IpProtocol": "-1", "FromPort": 0, "ToPort": 1, "CidrIp": "10.0.0.0/8"},
                ],
            ),
            "one group, written in two ways": template(
                {
                    "Group": ("AWS::EC2::SecurityGroup", {}),
                    **{
                        f"Rule{n}": (
                            "AWS::EC2::SecurityGroupIngress",
                            {"GroupId": {"Ref": "Group"}, "IpProtocol": "-1", "SourceSecurityGroupId": g},
                        )
                        for n, g in enumerate(({"Ref": "Group"}, {"Fn::GetAtt": ["Group", "GroupId"]}))
                    },
                }
            ),
            "group elsewhere": template(
                {
                    f"Rule{n}": (
                        "AWS::EC2::SecurityGroupIngress",
                        {"GroupId": "sg-1", "IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                    )
                    for n in range(2)
                }
            ),
            "group of the cluster": template(
                {
                    "Cluster": (CL, {}),
                    **{
                        f"Rule{n}": (
                            "AWS::EC2::SecurityGroupIngress",
                            {
                                "GroupId": {"Fn::GetAtt": ["Cluster", "ClusterSecurityGroupId"]},
                                "IpProtocol": "-1",
                                "CidrIp": "10.0.0.0/8",
                            },
                        )
                        for n in range(2)
                    },
                }
            ),
        },
        {
            "groups elsewhere": template(
                {
                    f"Rule{n}": (
                        "AWS::EC2::SecurityGroupIngress",
                        {"GroupId": f"sg-{n}", "IpProtocol": "-1", "CidrIp": "10.0.0.0/8"},
                    )
                    for n in range(2)
                }
            ),
        },
    ),
    Case(
        c.logging_group_first,
        LOGGED,
        {
            "no group": without("Logs"),
            "other name": change("AWS::Logs::LogGroup", "LogGroupName", "/aws/eks/other/cluster"),
            "no dependency": depend("Cluster"),
            "generated name": drop(CL, "Name"),
            "hidden name": change(CL, "Name", {"Ref": "P"}),
        },
        {
            "no logging": both(without("Logs"), drop(CL, "Logging")),
            "one hidden name": both(
                change(CL, "Name", {"Ref": "P"}),
                change("AWS::Logs::LogGroup", "LogGroupName", {"Fn::Sub": "/aws/eks/${P}/cluster"}),
            ),
        },
    ),
    Case(
        c.log_key_admits_logs,
        KEYED,
        {
            "no statement": change(
                "AWS::KMS::Key", "KeyPolicy.Statement.1.Principal", {"Service": "sns.amazonaws.com"}
            ),
            "denied": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Effect", "Deny"),
            "a name that only starts alike": change(
                "AWS::KMS::Key", "KeyPolicy.Statement.1.Principal", {"Service": "logs.amazonaws.com.example.org"}
            ),
            "no policy": drop("AWS::KMS::Key", "KeyPolicy"),
            "decrypt only": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Action", "kms:Decrypt"),
            "other group": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("log-group:/b")),
            "by alias": both(
                change("AWS::KMS::Key", "KeyPolicy.Statement.1.Effect", "Deny"),
                lambda body: {
                    "Resources": {
                        **body["Resources"],
                        "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"TargetKeyId": {"Ref": "Key"}}},
                        "Logs": {
                            "Type": "AWS::Logs::LogGroup",
                            "Properties": {
                                "KmsKeyId": {"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:${Alias}"}
                            },
                        },
                    }
                },
            ),
        },
        {
            "foreign key": change("AWS::Logs::LogGroup", "KmsKeyId", "arn:aws:kms:eu-west-1:123456789012:key/1"),
            "this group": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("log-group:/a")),
            "groups that begin alike": change(
                "AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("log-group:/*")
            ),
            "every group": change("AWS::KMS::Key", "KeyPolicy.Statement.1.Condition", encrypts("*")),
            "list": change(
                "AWS::KMS::Key", "KeyPolicy.Statement.1.Principal", {"Service": ["logs.eu-west-1.amazonaws.com"]}
            ),
            "region known, suffix not": change(
                "AWS::KMS::Key",
                "KeyPolicy.Statement.1.Principal",
                {"Service": {"Fn::Sub": "logs.eu-west-1.${AWS::URLSuffix}"}},
            ),
        },
    ),
    Case(
        c.delivery_role_ready,
        DELIVERED,
        {
            "no dependency": depend("Flow"),
            "no policy": without("Policy"),
            "dependency elsewhere": depend("Flow", "Role"),
            "delivery stream": streaming("AWS::KinesisFirehose::DeliveryStream", "S3DestinationConfiguration.RoleARN"),
            "subscription": streaming("AWS::Logs::SubscriptionFilter", "RoleArn"),
        },
        {
            "inline": both(
                without("Policy"), change("AWS::IAM::Role", "Policies", [{"PolicyName": "p"}]), depend("Flow")
            ),
            "foreign role": change("AWS::EC2::FlowLog", "DeliverLogsPermissionArn", ROLE),
        },
    ),
    Case(
        c.cidrs_do_not_overlap,
        NETWORK,
        {
            "subnets overlap": change("AWS::EC2::Subnet", "CidrBlock", "10.0.0.0/20"),
            "outside": change("AWS::EC2::VPC", "CidrBlock", "10.1.0.0/16"),
            "host bits": change("AWS::EC2::Subnet", "CidrBlock", "10.0.0.5/20"),
            "too large": change("AWS::EC2::VPC", "CidrBlock", "10.0.0.0/8"),
            "too small": change("AWS::EC2::VPC", "CidrBlock", "10.0.0.0/29"),
            "the same part": change(
                "AWS::EC2::Subnet",
                "CidrBlock",
                {"Fn::Select": [0, {"Fn::Cidr": [{"Fn::GetAtt": ["Vpc", "CidrBlock"]}, 4, 8]}]},
            ),
            "second range": template(
                {
                    "Vpc": ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
                    "More": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.128.0/17"}),
                }
            ),
            "service range": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.0/16"),
        },
        {
            "secondary": template(
                {
                    **{k: v for k, v in NETWORK["Resources"].items()},
                    "Block": ("AWS::EC2::VPCCidrBlock", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "100.64.0.0/16"}),
                    "Pods": ("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "100.64.0.0/18"}),
                }
            )
        },
    ),
    Case(
        c.names_not_too_long,
        cluster(Name="prod"),
        {
            "cluster": change(CL, "Name", "a" * 101),
            "characters": change(CL, "Name", "prod.eu"),
            "role": template({"R": ("AWS::IAM::Role", {"RoleName": "r" * 65})}),
            "repository": template({"R": ("AWS::ECR::Repository", {"RepositoryName": "Team/App"})}),
            "alias": template({"R": ("AWS::KMS::Alias", {"AliasName": "logs"})}),
            "group": template({"R": ("AWS::EC2::SecurityGroup", {"GroupName": "sg-nodes"})}),
            "long whatever is filled in": change(CL, "Name", {"Fn::Sub": "${AWS::StackName}" + "a" * 101}),
            "profile": template({"R": ("AWS::IAM::InstanceProfile", {"InstanceProfileName": "r" * 129})}),
            "policy": template({"R": ("AWS::IAM::Policy", {"PolicyName": "r" * 129})}),
            "user": template({"R": ("AWS::IAM::User", {"UserName": "r" * 65})}),
            "function": template({"R": ("AWS::Lambda::Function", {"FunctionName": "r" * 65})}),
            "alarm": template({"R": ("AWS::CloudWatch::Alarm", {"AlarmName": "r" * 256})}),
            "trail": template({"R": ("AWS::CloudTrail::Trail", {"TrailName": "ab"})}),
            "secret": template({"R": ("AWS::SecretsManager::Secret", {"Name": "a b"})}),
            "Auto Scaling group": template(
                {"R": ("AWS::AutoScaling::AutoScalingGroup", {"AutoScalingGroupName": "a:b"})}
            ),
        },
        {"generated": drop(CL, "Name"), "100": change(CL, "Name", "a" * 100)},
    ),
    Case(
        c.create_only_unchanged,
        cluster(**DEPLOYED),
        {
            "name": change(CL, "Name", "other"),
            "role": change(CL, "RoleArn", {"Fn::GetAtt": ["Other", "Arn"]}),
            "key dropped": drop(CL, "EncryptionConfig"),
            "service range": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.100.0.0/16"),
            "self-managed add-ons": drop(CL, "BootstrapSelfManagedAddons"),
            "creator": change(CL, "AccessConfig.BootstrapClusterCreatorAdminPermissions", True),
            "logical id": template({"Renamed": (CL, DEPLOYED)}),
            "hidden name": change(CL, "Name", {"Ref": "P"}),
        },
        {"version": change(CL, "Version", "1.37"), "logs": change(CL, "Logging", {})},
        previous=cluster(**DEPLOYED),
    ),
    Case(
        c.endpoint_access_somewhere,
        cluster(ResourcesVpcConfig={"EndpointPrivateAccess": True, "EndpointPublicAccess": False}),
        {
            "both off": change(CL, "ResourcesVpcConfig.EndpointPrivateAccess", False),
            "private left out": drop(CL, "ResourcesVpcConfig.EndpointPrivateAccess"),
            "list without endpoint": change(CL, "ResourcesVpcConfig.PublicAccessCidrs", ["198.51.100.0/24"]),
            "private list": change(
                CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["10.0.0.0/8"]}
            ),
            "address": change(
                CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["198.51.100.1"]}
            ),
            "no block": change(
                CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["office"]}
            ),
        },
        {
            "list": change(
                CL, "ResourcesVpcConfig", {"EndpointPublicAccess": True, "PublicAccessCidrs": ["198.51.100.0/24"]}
            )
        },
    ),
    Case(
        c.encryption_resources,
        cluster(EncryptionConfig=[{"Resources": ["secrets"], "Provider": {"KeyArn": "k"}}]),
        {
            "configmaps": change(CL, "EncryptionConfig.0.Resources", ["secrets", "configmaps"]),
            "empty": change(CL, "EncryptionConfig.0.Resources", []),
            "case": change(CL, "EncryptionConfig.0.Resources", ["Secrets"]),
            "two": change(CL, "EncryptionConfig", [{"Resources": ["secrets"]}, {"Resources": ["secrets"]}]),
        },
    ),
    Case(
        c.service_cidr_valid,
        cluster(KubernetesNetworkConfig={"ServiceIpv4Cidr": "172.20.0.0/16"}),
        {
            "public": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "100.64.0.0/16"),
            "too large": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.0/8"),
            "too small": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.0/28"),
            "host bits": change(CL, "KubernetesNetworkConfig.ServiceIpv4Cidr", "10.0.0.1/16"),
            "ipv6": change(CL, "KubernetesNetworkConfig.IpFamily", "ipv6"),
        },
    ),
    Case(
        c.access_entries_unique,
        ENTRIES,
        {
            "second": template({"A": ENTRIES["Resources"]["One"], "B": ENTRIES["Resources"]["One"]}),
            "policies on nodes": change(ENTRY, "Type", "EC2_LINUX"),
            "reserved group": change(ENTRY, "KubernetesGroups", ["system:masters"]),
            "cluster without entries": template(
                {
                    "One": ENTRIES["Resources"]["One"],
                    "Cluster": (CL, {"Name": "prod", "AccessConfig": {"AuthenticationMode": "CONFIG_MAP"}}),
                }
            ),
            "cluster with the default mode": template(
                {"One": ENTRIES["Resources"]["One"], "Cluster": (CL, {"Name": "prod"})}
            ),
        },
        {
            "both modes": template(
                {
                    "One": ENTRIES["Resources"]["One"],
                    "Cluster": (CL, {"Name": "prod", "AccessConfig": {"AuthenticationMode": "API_AND_CONFIG_MAP"}}),
                }
            )
        },
    ),
    Case(
        c.addons_in_order,
        ADDONS,
        {
            "no dependency": depend("Nodes"),
            "half a dependency": depend("Nodes", "Cni"),
            "no cni": both(depend("Nodes", "Proxy"), without("Cni")),
            "coredns first": both(depend("CoreDns"), depend("Nodes", "Cni", "Proxy", "CoreDns")),
        },
        {"self-managed": both(drop(CL, "BootstrapSelfManagedAddons"), depend("Nodes"))},
    ),
    Case(
        c.update_config,
        NODES,
        {
            "both": change(NG, "UpdateConfig.MaxUnavailablePercentage", 33),
            "zero": change(NG, "UpdateConfig.MaxUnavailable", 0),
            "200 %": change(NG, "UpdateConfig", {"MaxUnavailablePercentage": 200}),
        },
    ),
    Case(
        c.custom_ami_alone,
        NODES,
        {
            "type": change(LT, "LaunchTemplateData.ImageId", "ami-1"),
            "version": both(change(LT, "LaunchTemplateData.ImageId", "ami-1"), change(NG, "AmiType", "CUSTOM")),
            "custom without image": change(NG, "AmiType", "CUSTOM"),
        },
        {
            "custom": both(
                change(LT, "LaunchTemplateData.ImageId", "ami-1"), change(NG, "AmiType", "CUSTOM"), drop(NG, "Version")
            )
        },
    ),
    Case(
        c.instance_types_in_one_place,
        NODES,
        {
            "both": change(LT, "LaunchTemplateData.InstanceType", "m7g.large"),
            "twice": change(NG, "InstanceTypes", ["m7g.large", "m7g.large"]),
            "too many": change(NG, "InstanceTypes", [f"m7g.{n}xlarge" for n in range(21)]),
        },
    ),
    Case(
        c.launch_template_network,
        template({"T": (LT, {"LaunchTemplateData": {"SecurityGroupIds": ["sg-1"]}})}),
        {
            "ids": change(LT, "LaunchTemplateData.NetworkInterfaces", [{"DeviceIndex": 0}]),
            "names": both(
                change(LT, "LaunchTemplateData.NetworkInterfaces", [{"DeviceIndex": 0}]),
                change(LT, "LaunchTemplateData.SecurityGroups", ["a"]),
            ),
            "hidden": change(LT, "LaunchTemplateData.NetworkInterfaces", {"Ref": "P"}),
        },
        {
            "interface only": both(
                drop(LT, "LaunchTemplateData.SecurityGroupIds"),
                change(LT, "LaunchTemplateData.NetworkInterfaces", [{"Groups": ["sg-1"]}]),
            )
        },
    ),
    Case(
        c.labels_and_taints,
        NODES,
        {
            "key": change(NG, "Labels", {"my team": "x"}),
            "value": change(NG, "Labels", {"team": "a b"}),
            "reserved": change(NG, "Labels", {"node-role.kubernetes.io/worker": "true"}),
            "effect": change(NG, "Taints.0.Effect", "NoSchedule"),
            "taint key": change(NG, "Taints.0.Key", "-gpu"),
        },
        {
            "own prefix": change(NG, "Labels", {"example.com/team": "x"}),
            "kubelet's own": change(NG, "Labels", {"node.kubernetes.io/x": "y"}),
        },
    ),
    Case(
        c.pod_identity_unique,
        POD,
        {
            "second": template(
                {"Role": POD["Resources"]["Role"], "A": POD["Resources"]["One"], "B": POD["Resources"]["One"]}
            ),
            "no tag session": change("AWS::IAM::Role", "AssumeRolePolicyDocument.Statement.0.Action", "sts:AssumeRole"),
            "trust of EC2": change(
                "AWS::IAM::Role", "AssumeRolePolicyDocument.Statement.0.Principal", {"Service": "ec2.amazonaws.com"}
            ),
        },
        {"foreign role": change("AWS::EKS::PodIdentityAssociation", "RoleArn", ROLE)},
    ),
    Case(
        c.retention_exists,
        KEYED,
        {
            "100": change("AWS::Logs::LogGroup", "RetentionInDays", 100),
            "a year and a day": change("AWS::Logs::LogGroup", "RetentionInDays", 366),
            "text": change("AWS::Logs::LogGroup", "RetentionInDays", "364"),
        },
        {"never": drop("AWS::Logs::LogGroup", "RetentionInDays")},
    ),
    Case(
        c.key_policy_keeps_owner,
        KEYED,
        {
            "use only": change("AWS::KMS::Key", "KeyPolicy.Statement.0.Action", ["kms:Encrypt", "kms:Decrypt"]),
            "deny": change("AWS::KMS::Key", "KeyPolicy.Statement.0.Effect", "Deny"),
            "empty": change("AWS::KMS::Key", "KeyPolicy", {"Statement": []}),
        },
        {"default": drop("AWS::KMS::Key", "KeyPolicy"), "hidden": change("AWS::KMS::Key", "KeyPolicy", {"Ref": "P"})},
    ),
    Case(
        c.policies_fit_quotas,
        GRANTED,
        {
            "managed": change("AWS::IAM::ManagedPolicy", "PolicyDocument.Statement.0.Resource", buckets(200)),
            "inline": change("AWS::IAM::Policy", "PolicyDocument.Statement.0.Resource", buckets(400)),
            "in the role, together": change(
                "AWS::IAM::Role",
                "Policies",
                [{"PolicyName": f"p{n}", "PolicyDocument": granting(buckets(150))} for n in range(3)],
            ),
            "key": change("AWS::KMS::Key", "KeyPolicy.Statement.0.Resource", buckets(1200)),
            "endpoint": change("AWS::EC2::VPCEndpoint", "PolicyDocument.Statement.0.Resource", buckets(700)),
            "bucket": change("AWS::S3::BucketPolicy", "PolicyDocument.Statement.0.Resource", buckets(700)),
            "with tokens": change(
                "AWS::IAM::ManagedPolicy",
                "PolicyDocument.Statement.0.Resource",
                [{"Fn::Sub": f"arn:${{AWS::Partition}}:s3:::payments-invoices-of-{n:04}/*"} for n in range(200)],
            ),
            "as text": change("AWS::IAM::ManagedPolicy", "PolicyDocument", json.dumps(granting(buckets(200)))),
        },
        {
            "whitespace does not count": change(
                "AWS::IAM::ManagedPolicy", "PolicyDocument", json.dumps(granting(buckets(120)), indent=40)
            ),
            "nobody knows": change("AWS::IAM::ManagedPolicy", "PolicyDocument", {"Ref": "Document"}),
            "references only": change(
                "AWS::IAM::ManagedPolicy", "PolicyDocument.Statement.0.Resource", [{"Ref": f"B{n}"} for n in range(300)]
            ),
            "the same would be too much in a managed policy": change(
                "AWS::IAM::Policy", "PolicyDocument.Statement.0.Resource", buckets(200)
            ),
        },
    ),
]
