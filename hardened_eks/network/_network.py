from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from hardened_eks import _owner
from hardened_eks._asked import keep_path, node_of, region_of
from hardened_eks._kinds import NETWORK, SECURITY_GROUP, list_problems, problems_in
from hardened_eks._traces import leave_out_useless
from hardened_eks.data.endpoints import PRIVATE_CLUSTER
from hardened_eks.data.regions import lacks_endpoint
from hardened_eks.errors import Problems
from hardened_eks.network import _adopted, _default_group, _dns, _encryption, _flow_logs, _plan
from hardened_eks.network._arguments import NetworkArguments
from hardened_eks.network._dns_settings import FLAG, flag_value
from hardened_eks.network._endpoint_set import Endpoints
from hardened_eks.network._new_vpc import NewVpc
from hardened_eks.network._security_group import SecurityGroup
from hardened_eks.network._settings import Egress, EncryptionControl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import IDependable

    from hardened_eks.network._dns_settings import Dns


@NETWORK.own
class Network(Construct):
    """A VPC for clusters, by default without internet access, with VPC endpoints and a flow log."""

    vpc_id: str
    """ID of the VPC."""
    node_subnet_ids: Sequence[str]
    """IDs of the nodes' subnets, one per Availability Zone."""
    control_plane_subnet_ids: Sequence[str]
    """IDs of the subnets of the control plane's network interfaces, one per Availability Zone."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        cidr: str = "10.0.0.0/16",
        availability_zones: int | Sequence[str] | None = None,
        egress: Egress = Egress.NONE,
        pod_cidrs: Sequence[str] = (),
        vpc: ec2.IVpc | None = None,
        node_subnets: ec2.SubnetSelection | None = None,
        control_plane_subnets: ec2.SubnetSelection | None = None,
        add_endpoints: bool = True,
        add_flow_logs: bool = True,
        endpoints: Sequence[str] = (),
        logs_key: kms.IKey | None = None,
        flow_log_retention_days: int = 365,
        encryption_control: EncryptionControl | None = None,
        dns: Dns | None = None,
        close_default_security_group: bool = True,
        organization_id: str | None = None,
        s3_prefix_list_id: str | None = None,
    ) -> None:
        """Create a network, or adopt one.

        Args:
            scope: where the network is created.
            id: construct ID.
            cidr: IPv4 range of the VPC, /16 to /24 for three zones (/23 with NAT); not for an adopted VPC. Default:
                ``10.0.0.0/16``.
            availability_zones: number of Availability Zones, the first of the Region; or their names; or their IDs,
                such as ``use1-az1``, which are the same in every account. The control plane needs at least two. Not for
                an adopted VPC. Default: three, or two in a Region with only two for new accounts.
            egress: route of nodes to addresses outside of the VPC. Default: none.
            pod_cidrs: secondary ranges for pods, whose subnets are tagged for the VPC CNI. Pods of new nodes use the
                last one: append a range when one is full. Default: none, pods share the node subnets.
            vpc: an existing VPC. Default: a new one.
            node_subnets: subnets of an adopted VPC for nodes. Default: its isolated subnets, or else its private ones.
            control_plane_subnets: subnets of an adopted VPC for the control plane. Default: the node subnets.
            add_endpoints: create the VPC endpoints that nodes need. Pass False if an adopted VPC already has them.
                Default: yes.
            add_flow_logs: create a flow log of all traffic. Pass False if an adopted VPC already has one. Default: yes.
            endpoints: short names of further endpoints, for example ``sqs``. Default: only those of a private cluster.
            logs_key: KMS key that encrypts the flow log's group. Default: a new key.
            flow_log_retention_days: days for which the flow log is kept; a value that CloudWatch Logs supports, such as
                90 or 400. Default: 365.
            encryption_control: monitor or enforce encryption in transit; the result is a field of the flow log.
                Default: monitor; none for an adopted VPC, and in a Region without encryption controls.
            dns: names that the VPC resolves, and retention of the query log. Default: only AWS's regional names and the
                VPC's own reverse names if the context (cdk.json) has ``"hardened-eks:dns_firewall": "block"``, as in
                new apps. Without that, and always in an adopted VPC, the network may already be in use: other names are
                resolved and reported as alerts, with a warning during synthesis. With NAT, there is no firewall, only
                the log.
            close_default_security_group: remove the rules of the VPC's default security group. CloudFormation has no
                property for it, so this creates a Lambda function. Not for an adopted VPC. Default: yes.
            organization_id: ID of the organization, ``o-...``, whose principals, buckets and roles the endpoint
                policies admit. Default: none, they admit only those of this account.
            s3_prefix_list_id: ID of the prefix list ``com.amazonaws.<region>.s3``, ``pl-...``, to which node egress to
                S3 is limited. Default: none; the security group allows all HTTPS egress, which the routes limit to S3.

        Raises:
            ConfigurationError: a range, zone, retention, ID or endpoint is invalid, ranges overlap, an argument cannot
                be combined with an adopted VPC, or the adopted VPC lacks a subnet or route table. The error lists all
                mistakes.
        """
        problems = problems_in(scope, f"Network '{id}'")
        given = NetworkArguments(
            region=region_of(scope),
            cidr=cidr,
            availability_zones=availability_zones,
            egress=egress,
            pod_cidrs=pod_cidrs,
            vpc=vpc,
            node_subnets=node_subnets,
            control_plane_subnets=control_plane_subnets,
            add_endpoints=add_endpoints,
            add_flow_logs=add_flow_logs,
            endpoints=endpoints,
            logs_key=logs_key,
            flow_log_retention_days=flow_log_retention_days,
            encryption_control=encryption_control,
            dns=dns,
            dns_flag=node_of(scope).try_get_context(FLAG),
            close_default_security_group=close_default_security_group,
            organization_id=organization_id,
            s3_prefix_list_id=s3_prefix_list_id,
        )
        adopted = given.check(problems)
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        keep_path(self, scope, id)
        self.egress = Egress(egress)
        """The route of nodes to the internet."""
        self.cidrs: list[str] = [] if vpc is not None else [cidr, *pod_cidrs]
        """The address ranges of the VPC, if they are known."""
        self.s3_prefix_list_id = s3_prefix_list_id
        """ID of the prefix list to which node egress to S3 is limited; None: only routes limit it."""
        self.pod_subnets: list[ec2.ISubnet] = []
        """The subnets that only pods use, one per Availability Zone and range."""
        self.ready: list[IDependable] = []
        """The resources that must exist before a node starts: endpoints, and routes to S3 or to the internet."""
        self._id = id
        self._region = given.region
        self._endpoints: Endpoints | None = None
        self._enforced: ec2.CfnVPCEncryptionControl | None = None
        self._logs_key = logs_key
        mode = _encryption.mode(self, encryption_control, region=given.region, adopted=vpc is not None)
        if adopted is None:
            self._create(given, mode)
        else:
            self._adopt(adopted)
            warning = _adopted.unseen(region=given.region, endpoints=add_endpoints, flow_logs=add_flow_logs)
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:adopted-vpc", warning)
        if add_endpoints:
            self._endpoints = self._make_endpoints(given)
        if add_flow_logs:
            watched = mode != EncryptionControl.OFF
            days = flow_log_retention_days
            _flow_logs.add(self, self.vpc_id, key=self._key(), retention_days=days, encryption_status=watched)
        flag = flag_value(given.dns_flag)
        self.dns = _dns.choice(dns, flag=flag, isolated=self.isolated, adopted=adopted is not None)
        """The names that the VPC resolves, and the retention of its query log."""
        if dns is None and flag is None and self.isolated:
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:dns-alerts", _dns.ALERTS)
        ranges = self.cidrs if adopted is None else _adopted.cidrs(adopted.vpc)
        self.ready.extend(_dns.add(self, self.vpc_id, self.dns, region=given.region, cidrs=ranges, key=self._key))

    @property
    def vpc(self) -> ec2.IVpc:
        """The VPC, as the CDK's interface."""
        return self._made.view if isinstance(self._made, NewVpc) else self._made.vpc

    @property
    def isolated(self) -> bool:
        """Whether the VPC has no internet access. False for an adopted VPC, whose routes are not known."""
        return isinstance(self._made, NewVpc) and self.egress == Egress.NONE

    @property
    def node_subnets(self) -> list[ec2.ISubnet]:
        """The subnets of the nodes."""
        if isinstance(self._made, NewVpc):
            return self._made.subnets[: len(self.node_subnet_ids)]
        return self._made.nodes

    @property
    def control_plane_subnets(self) -> list[ec2.ISubnet]:
        """The subnets of the control plane's network interfaces."""
        if isinstance(self._made, NewVpc):
            return self._made.subnets[len(self.node_subnet_ids) :]
        return self._made.control_plane

    @property
    def endpoints_security_group(self) -> ec2.ISecurityGroup | None:
        """The security group of the endpoints; None if an adopted VPC keeps its own endpoints."""
        return None if self._endpoints is None else self._endpoints.group.view

    def add_endpoint(self, service: str) -> None:
        """Add the endpoint of a service, unless it already exists.

        Args:
            service: short name of the service, for example ``elasticloadbalancing``. Nothing is created for an adopted
                VPC that keeps its own endpoints.

        Raises:
            ConfigurationError: AWS has no such endpoint, or not in the Region.
        """
        problems = Problems(f"Network '{self._id}'")
        problems.extend(_plan.endpoint_problems([service], self._region))
        problems.raise_any()
        if self._endpoints is not None:
            self.ready.extend(self._endpoints.add(service))

    def admit_custom_resources(self) -> None:
        """Let functions of custom resources in the network send responses to CloudFormation.

        The S3 endpoint then admits uploads to the bucket from which CloudFormation reads the responses. For an adopted
        VPC that keeps its own endpoints, nothing is changed: make sure that its S3 endpoint admits the bucket
        ``cloudformation-custom-resource-response-<region without dashes>``.
        """
        if self._endpoints is not None:
            self._endpoints.admit_custom_resources()

    def admit_functions(self) -> None:
        """Exclude the network interfaces of Lambda functions from enforced encryption, which they do not support.

        Nothing changes in a network that does not enforce encryption. For an adopted VPC that does, exclude Lambda
        where its control is created (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html).
        """
        if self._enforced is not None:
            self._enforced.lambda_exclusion_input = "enable"

    def admit(self, security_group: ec2.ISecurityGroup | SecurityGroup) -> None:
        """Let members of a security group reach the endpoints on HTTPS. A second call has no effect.

        Args:
            security_group: security group of nodes, pods or an admin host. It gets an outbound rule, and that of the
                endpoints an inbound rule.

        Raises:
            ConfigurationError: `security_group` is not a security group.
        """
        if not isinstance(security_group, SecurityGroup):
            problems = Problems(f"admit of Network '{self._id}'")
            problems.extend(list_problems(SECURITY_GROUP, security_group=[security_group]))
            problems.raise_any()
        if self._endpoints is not None:
            self._endpoints.admit(security_group)

    def _key(self) -> kms.IKey:
        if self._logs_key is None:
            from hardened_eks.keys import Keys

            self._logs_key = Keys(self, "Keys").logs
        return self._logs_key

    def _make_endpoints(self, given: NetworkArguments) -> Endpoints:
        made = Endpoints(
            self,
            vpc_id=self.vpc_id,
            region=given.region,
            subnet_ids=self._endpoint_subnet_ids,
            route_tables=self._route_tables,
            organization_id=given.organization_id,
        )
        needed = [name for name in ("s3", *PRIVATE_CLUSTER) if not lacks_endpoint(name, given.region)]
        self.ready.extend(made.add(*needed, *given.endpoints))
        if lacks_endpoint("eks", given.region):
            cdk.Annotations.of(self).add_warning_v2("hardened-eks:no-eks-endpoint", _plan.no_eks_warning(given.region))
        return made

    def _create(self, given: NetworkArguments, mode: EncryptionControl) -> None:
        nat, zones, pods = self.egress == Egress.NAT, given.zones, given.pod_cidrs
        made = NewVpc(self, cidr=given.cidr, zones=zones, pod_cidrs=pods, nat=nat)
        self._made: NewVpc | _adopted.Adopted = made
        self.vpc_id = made.vpc_id
        self._route_tables: Sequence[str | ec2.CfnRouteTable] = made.route_tables
        self.node_subnet_ids = self._endpoint_subnet_ids = made.node_subnet_ids
        self.control_plane_subnet_ids = made.control_plane_subnet_ids
        self.pod_subnets = made.pod_subnets
        self.ready.extend(made.ready)
        for name, warning in _plan.warnings(pods, zones, given.region):
            cdk.Annotations.of(self).add_warning_v2(f"hardened-eks:{name}", warning)
        if mode != EncryptionControl.OFF:
            control = _encryption.control(self, made.vpc_id, mode, nat=nat)
            self._enforced = control if mode == EncryptionControl.ENFORCE else None
        if given.close_default_security_group:
            days = given.flow_log_retention_days
            _default_group.close(self, made.resource, key=self._key(), retention_days=days)

    def _adopt(self, adopted: _adopted.Adopted) -> None:
        self._made = adopted
        self.vpc_id = adopted.vpc.vpc_id
        self._route_tables = adopted.route_table_ids
        self._endpoint_subnet_ids = adopted.endpoint_subnet_ids
        self.node_subnet_ids = [subnet.subnet_id for subnet in adopted.nodes]
        self.control_plane_subnet_ids = [subnet.subnet_id for subnet in adopted.control_plane]
