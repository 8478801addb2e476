from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import key_arn_of, place_problems, region_of
from hardened_eks._kinds import cluster_problems, problems_in
from hardened_eks._l1 import create
from hardened_eks._nag import acknowledge
from hardened_eks._retention import retention_problems
from hardened_eks._tokens import is_text_token
from hardened_eks.compute import _image, _instances
from hardened_eks.compute._arguments import size_problems
from hardened_eks.compute._launch import Launch, launch_template
from hardened_eks.compute._role import machine_role
from hardened_eks.data.regions import patch_buckets
from hardened_eks.network._security_group import SecurityGroup

if TYPE_CHECKING:
    from hardened_eks._cluster_like import ClusterLike
    from hardened_eks.network import Network

_IN_TEMPLATE = [
    f"{pack}::{pack}-{rule}"
    for pack in ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")
    for rule in ("EC2InstanceProfileAttached", "EC2InstancesInVPC")
]
_ENDPOINTS = ("ssm", "ssmmessages", "ec2messages", "logs")


class AdminHost(Construct):
    """A host in the network from which operators reach the private API. Session Manager is the only way to it.

    It has no key pair, no inbound rule and no public address. The session document that is created with it logs the
    sessions to an encrypted log group. Packages and patches come from Amazon S3: over HTTPS, and over HTTP too if the
    network has the ID of S3's prefix list (`Network(s3_prefix_list_id=...)`).
    """

    resource: ec2.CfnInstance
    """The CloudFormation resource of the instance."""
    session_document: cdk.CfnResource
    """The Session Manager document of its sessions: encrypted, logged, without a root shell."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cluster: ClusterLike,
        instance_type: str = "m7g.medium",
        log_retention_days: int = 365,
        disk_gib: int = 20,
    ) -> None:
        """Create the host.

        Args:
            scope: the parent construct.
            id: construct ID.
            cluster: the cluster whose API the host reaches.
            instance_type: a Nitro instance type with encryption in transit. Default: ``m7g.medium``.
            log_retention_days: days for which session logs are kept; a value that CloudWatch Logs supports, such as 90
                or 400. Default: 365.
            disk_gib: size of the root volume, 20 to 65,536 GiB. Default: 20.

        Raises:
            ConfigurationError: the instance type is not Nitro, a number is out of range, or the cluster is imported
                without its network or security group. The error lists all mistakes.
        """
        problems = problems_in(scope, f"AdminHost '{id}'")
        problems.extend(_instances.type_problems([instance_type], allow_unlisted=False, allow_plain_transit=False))
        problems.extend(size_problems(disk_gib))
        problems.extend(retention_problems("log_retention_days", log_retention_days))
        problems.extend(cluster_problems(cluster, "network", "security_group"))
        problems.extend(place_problems(scope, cluster=cluster))
        problems.raise_any()
        network = cluster.network
        group_of_the_api = cluster.security_group_id
        super().__init__(scope, id)
        _owner.tag(self, scope)
        for service in _ENDPOINTS:
            network.add_endpoint(service)
        self.session_document = self._make_sessions(cluster, log_retention_days)
        made = SecurityGroup(
            self,
            "SecurityGroup",
            description=f"Admin host of EKS cluster {cluster.name}",
            vpc_id=network.vpc_id,
            egress=_egress(network, group_of_the_api),
        )
        self.security_group = made.view
        """The security group of the host. It allows only outbound traffic: to the API, the endpoints and S3."""
        network.admit(made)
        create(
            ec2.CfnSecurityGroupIngress,
            self,
            "ApiFromHost",
            group_id=group_of_the_api,
            source_security_group_id=made.group_id,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            description="Kubernetes API from the admin host",
        )
        self.resource = self._make_instance(cluster, instance_type, disk_gib)
        warning = _patch_warning(network, region_of(network))
        if warning is not None:
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:patches-refused", warning)

    def _make_sessions(self, cluster: ClusterLike, retention_days: int) -> cdk.CfnResource:
        from aws_cdk import aws_logs as logs

        group = create(
            logs.CfnLogGroup,
            self,
            "SessionLogs",
            kms_key_id=key_arn_of(cluster.keys.logs),
            retention_in_days=retention_days,
            deletion_protection_enabled=True,
        )
        group.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        self._log_group_arn = group.attr_arn
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-preferences-cli.html
        return create(
            cdk.CfnResource,
            self,
            "SessionDocument",
            type="AWS::SSM::Document",
            properties={
                "DocumentType": "Session",
                "DocumentFormat": "JSON",
                "Content": {
                    "schemaVersion": "1.0",
                    "description": f"Logged sessions on the admin host of {cluster.name}",
                    "sessionType": "Standard_Stream",
                    "inputs": {
                        "cloudWatchLogGroupName": group.ref,
                        "cloudWatchEncryptionEnabled": True,
                        "cloudWatchStreamingEnabled": True,
                        "idleSessionTimeout": "20",
                        "maxSessionDuration": "60",
                        "runAsEnabled": False,
                    },
                },
            },
        )

    def _make_instance(self, cluster: ClusterLike, instance_type: str, disk_gib: int) -> ec2.CfnInstance:
        role = machine_role(
            self,
            description=f"Admin host of EKS cluster {cluster.name}",
            aws_policies={"AmazonSSMManagedInstanceCore": "SSM is the only way to the host"},
            statements=[
                {
                    "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                    "Resource": self._log_group_arn,
                },
                {"Action": "logs:DescribeLogGroups", "Resource": "*"},
                {"Action": "eks:DescribeCluster", "Resource": cluster.arn},
            ],
            wildcard="logs:DescribeLogGroups takes no resource ARN",
        )
        profile = create(iam.CfnInstanceProfile, self, "Profile", roles=[role.ref])
        kind = _instances.known_types([instance_type], allow_unlisted=False)[0]
        template = launch_template(
            self,
            Launch(
                name=f"{cluster.name}-admin",
                security_group_id=self.security_group.security_group_id,
                volumes_key_arn=key_arn_of(cluster.keys.volumes),
                volumes={"/dev/xvda": disk_gib},
                tagged=("instance",),
                tags_follow=False,
                image_id=_image.general_purpose(kind.architectures[0]),
                instance_type=instance_type,
                instance_profile_arn=profile.attr_arn,
                subnet_id=cluster.network.node_subnet_ids[0],
                protected=True,
                ebs_optimized=True,
                delete_interface=None,  # EC2 deletes an instance's own interface with it
            ),
        )
        instance = create(
            ec2.CfnInstance,
            self,
            "Resource",
            launch_template={
                "launchTemplateId": template.ref,
                "version": template.attr_latest_version_number,
            },
            disable_api_termination=True,
            ebs_optimized=True,
            monitoring=True,
            propagate_tags_to_volume_on_creation=True,
        )
        acknowledge(instance, dict.fromkeys(_IN_TEMPLATE, "the launch template names subnet and instance profile"))
        return instance


def _egress(network: Network, group_of_the_api: str) -> list[dict[str, Any]]:
    https = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
    http = {"ipProtocol": "tcp", "fromPort": 80, "toPort": 80}
    rules = [{**https, "destinationSecurityGroupId": group_of_the_api, "description": "Kubernetes API"}]
    prefix_list = network.s3_prefix_list_id
    if prefix_list is not None:
        # dnf, patch baselines and updates of the SSM agent come from S3; the agent also uses plain HTTP.
        s3 = {"destinationPrefixListId": prefix_list, "description": "Packages, patches and agent updates from S3"}
        rules += [{**https, **s3}, {**http, **s3}]
    if prefix_list is None or network.endpoints_security_group is None:
        # The ID of the S3 prefix list and the security group of an adopted VPC's endpoints are not always known.
        # Without them, only routes limit HTTPS.
        rules.append({**https, "cidrIp": "0.0.0.0/0", "description": "HTTPS as far as routes lead"})
    return rules


def _patch_warning(network: Network, region: str) -> str | None:
    """Return a warning if Patch Manager cannot work through the S3 endpoint because its buckets are not known."""
    if network.endpoints_security_group is None or patch_buckets(region) is not None:
        return None
    where = "a stack without a region" if is_text_token(region) else region
    return (
        f"the names of Patch Manager's buckets are not known in {where}, so the S3 endpoint refuses them: "
        "give the stack a region, or add the buckets to the endpoint's policy (docs/how-to/reach-the-private-api.md). "
        "dnf works either way"
    )
