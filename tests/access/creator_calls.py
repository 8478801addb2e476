"""Every call that creating, reading, changing and deleting stacks makes with the execution role.

A handler's schema names the action; here is on which resources, and with which condition keys
(https://docs.aws.amazon.com/service-authorization/latest/reference/). EC2 checks a call once for each resource.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from hardened_eks import _owner
from tests.access import creator_excluded, creator_types
from tests.access.creator_stacks import ACCOUNT, REGION, Made, arn, iam_arn, resolve
from tests.iam import Request

ROLE = iam_arn("role/hardened-eks-creator")
OWNED, GIVEN = f"aws:ResourceTag/{_owner.KEY}", f"aws:RequestTag/{_owner.KEY}"


class Call(NamedTuple):
    """One request, and who says that it is made."""

    request: Request
    source: str


def request(action: str, resource: str, /, **context: Any) -> Request:
    return Request(
        action=action,
        resource=resource,
        principal=ROLE,
        context={"aws:RequestedRegion": REGION, "aws:ResourceAccount": ACCOUNT, **context},
    )


class Calls:
    """The calls of stacks.

    Args:
        stacks: their resources.
        tagged: what exists carries the owner tag that the templates write. False: it was made before there was one.
        boundary: ARN of the boundary that the roles have.
    """

    def __init__(self, stacks: Sequence[Made], *, tagged: bool = True, boundary: str | None = None) -> None:
        self.stacks, self.tagged, self.boundary = stacks, tagged, boundary
        self.by_kind: dict[str, Made] = {}
        for made in stacks:
            self.by_kind.setdefault(made.kind, made)

    def all(self) -> list[Call]:
        """Return each different call once, with its first source."""
        found: dict[str, Call] = {}
        for call in (*self._handled(), *self._by_hand()):
            found.setdefault(repr(call.request), call)
        return list(found.values())

    def _handled(self) -> Iterator[Call]:
        for made in self.stacks:
            for handler, permission in made.handlers():
                if of_kubectl(made, permission) or not never_needed(made.kind, permission):
                    for one in self._of(made, handler, permission):
                        yield Call(one, f"{made.kind} {handler} (schema)")

    def _of(self, made: Made, handler: str, permission: str) -> Iterator[Request]:
        service, action = permission.split(":", 1)
        rule: Callable[..., Iterator[Request]] = getattr(self, f"_{service.replace('-', '_')}")
        yield from rule(made, handler, action)

    def tag_of(self, kind: str) -> dict[str, str]:
        """Return the tag that an existing resource of a type carries."""
        made = self.by_kind.get(kind)
        owner = made.owner if made is not None and self.tagged else None
        return {} if owner is None else {OWNED: owner}

    # EC2

    def _ec2(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if action.startswith("Describe"):
            yield request(f"ec2:{action}", "*")
        elif action == "RunInstances":
            yield from self._launch(made)
            if made.kind == "AWS::AutoScaling::AutoScalingGroup":
                # https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
                yield from self._ec2_tags(made, handler, "CreateTags")
        elif action in ("CreateTags", "DeleteTags"):
            yield from self._ec2_tags(made, handler, action)
        else:
            new, existing = creator_types.EC2[action]
            given = {} if made.owner is None else {GIVEN: made.owner, "aws:TagKeys": [_owner.KEY]}
            if new:
                yield request(
                    f"ec2:{action}", arn("ec2", f"{new}/new"), **(given if action in creator_types.TAGS else {})
                )
            for kind in existing:
                yield request(f"ec2:{action}", arn("ec2", f"{kind}/id"), **self.tag_of(creator_types.KINDS[kind]), **(
                    given if action in creator_types.TAGS else {}
                ))  # fmt: skip

    def _launch(self, made: Made) -> Iterator[Request]:
        template = arn("ec2", "launch-template/id")
        given = {GIVEN: made.owner} if made.kind == "AWS::EC2::Instance" and made.owner else {}
        for kind in ("launch-template", "subnet", "security-group"):
            tag = self.tag_of(creator_types.KINDS[kind])
            yield request("ec2:RunInstances", arn("ec2", f"{kind}/id"), **tag, **given)
        for kind in ("instance", "network-interface", "volume"):
            yield request("ec2:RunInstances", arn("ec2", f"{kind}/new"), **{"ec2:LaunchTemplate": template, **given})
        for kind in ("image", "snapshot"):
            yield request("ec2:RunInstances", arn("ec2", f"{kind}/id", account=""), **given)
        yield from self._lent(made)

    def _lent(self, made: Made) -> Iterator[Request]:
        """Yield the calls on what a launch template names and another stack owns, which lends it by the owner tag."""
        for template in (one for one in self.stacks if one.kind == "AWS::EC2::LaunchTemplate"):
            data = template.properties["LaunchTemplateData"]
            target = data.get("CapacityReservationSpecification", {}).get("CapacityReservationTarget", {})
            names = {
                arn("ec2", f"placement-group/{data.get('Placement', {}).get('GroupName')}"): "Placement" in data,
                arn("ec2", f"capacity-reservation/{target.get('CapacityReservationId')}"): "CapacityReservationId"
                in target,
                str(target.get("CapacityReservationResourceGroupArn")): "CapacityReservationResourceGroupArn" in target,
            }
            for resource in (name for name, used in names.items() if used):
                yield request("ec2:RunInstances", resource, **{OWNED: made.stack})

    def _ec2_tags(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind in ("AWS::EKS::Nodegroup", "AWS::AutoScaling::AutoScalingGroup"):
            # The service asks with the caller's rights whether instances may be tagged as the launch template says.
            for kind in ("instance", "volume") if action == "CreateTags" else ():
                tags = {"ec2:CreateAction": "RunInstances", "aws:RequestTag/Name": "n", "aws:TagKeys": ["Name"]}
                yield request("ec2:CreateTags", arn("ec2", f"{kind}/new"), **tags)
            return
        kind = next(name for name, type_ in creator_types.KINDS.items() if type_ == made.kind)
        tags = {GIVEN: made.owner or "", "aws:TagKeys": [_owner.KEY]}
        if action == "CreateTags" and handler == "create":
            born = {"ec2:CreateAction": creator_types.CREATED_BY[made.kind], **tags}
            yield request("ec2:CreateTags", arn("ec2", f"{kind}/new"), **born)
        else:
            # Other tags come and go; the owner is set on what is older than the tag, and goes with the resource.
            for keys in (
                {"aws:TagKeys": ["application"]},
                tags if action == "CreateTags" else {"aws:TagKeys": [_owner.KEY]},
            ):
                yield request(f"ec2:{action}", arn("ec2", f"{kind}/id"), **{**keys, **self.tag_of(made.kind)})

    def _autoscaling(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        group = arn("autoscaling", f"autoScalingGroup:id:autoScalingGroupName/{made.name}")
        yield request(f"autoscaling:{action}", "*" if action.startswith("Describe") else group)

    # Keys

    def _kms(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        key, tag = arn("kms", "key/id"), self.tag_of("AWS::KMS::Key")
        given = {GIVEN: made.owner, "aws:TagKeys": [_owner.KEY]} if made.kind == "AWS::KMS::Key" and made.owner else {}
        if action == "CreateKey":
            spec = {"kms:KeySpec": "SYMMETRIC_DEFAULT", "kms:MultiRegion": "false"}
            yield request("kms:CreateKey", "*", **given)
            yield request("kms:CreateKey", "*", **given, **spec, **{"kms:BypassPolicyLockoutSafetyCheck": "false"})
        elif action == "TagResource" and handler == "create":
            yield request("kms:TagResource", "*", **given)  # the key has no ARN yet
        elif action == "TagResource":
            yield request("kms:TagResource", key, **given, **tag)
            yield request("kms:TagResource", key, **{"aws:TagKeys": ["application"], **tag})
        elif action == "UntagResource":
            yield request("kms:UntagResource", key, **{"aws:TagKeys": ["application"], **tag})
        elif action == "ScheduleKeyDeletion":
            days = str(made.properties.get("PendingWindowInDays", 30))
            yield request("kms:ScheduleKeyDeletion", key, **{"kms:ScheduleKeyDeletionPendingWindowInDays": days, **tag})
        elif made.kind in creator_types.ENCRYPTS and action != "DescribeKey":
            service = creator_types.ENCRYPTS[made.kind]
            yield request(f"kms:{action}", key, **tag, **{"kms:ViaService": f"{service}.{REGION}.amazonaws.com"})
        elif made.kind == "AWS::Lambda::Function":
            yield request(f"kms:{action}", key, **tag, **{"kms:ViaService": f"lambda.{REGION}.amazonaws.com"})
        else:
            yield request(f"kms:{action}", key, **tag)
            if action in ("DescribeKey", "EnableKeyRotation") and handler == "create":
                yield request(f"kms:{action}", key)  # KMS may take minutes to know the tags of a new key

    # Resolver, whose resources are younger than the owner tag: none that exists is without it

    def _route53resolver(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        tag = {OWNED: next(one.owner for one in self.stacks if one.kind in creator_types.RESOLVER.values())}
        given = {GIVEN: made.owner, "aws:TagKeys": [_owner.KEY]}
        kinds = [kind for kind, type_ in creator_types.RESOLVER.items() if type_ == made.kind]
        if action in creator_types.NO_RESOURCE_IN_RESOLVER:
            yield request(f"route53resolver:{action}", "*")
            return
        if action in ("CreateFirewallRule", "DeleteFirewallRule", "UpdateFirewallRule"):
            kinds = ["firewall-domain-list", "firewall-rule-group"]
        elif action in ("AssociateResolverQueryLogConfig", "DisassociateResolverQueryLogConfig"):
            kinds = ["resolver-query-log-config"]
        for kind in kinds:
            new, existing = arn("route53resolver", f"{kind}/new"), arn("route53resolver", f"{kind}/id")
            if action in creator_types.NEW_IN_RESOLVER or (action == "TagResource" and handler == "create"):
                yield request(f"route53resolver:{action}", new, **given)
            if action == "TagResource":
                yield request("route53resolver:TagResource", existing, **given, **tag)
            if action in ("TagResource", "UntagResource"):
                keys = {"aws:TagKeys": ["application"]}
                yield request(f"route53resolver:{action}", existing, **keys, **tag)
            elif action not in creator_types.NEW_IN_RESOLVER:
                yield request(f"route53resolver:{action}", existing, **tag)

    # EKS

    def _eks(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        name = made.cluster
        things = {
            "AWS::EKS::Cluster": f"cluster/{name}",
            "AWS::EKS::Addon": f"addon/{name}/coredns/id",
            "AWS::EKS::Nodegroup": f"nodegroup/{name}/general/id",
            "AWS::EKS::FargateProfile": f"fargateprofile/{name}/apps/id",
            "AWS::EKS::PodIdentityAssociation": f"podidentityassociation/{name}/a-id",
            "AWS::EKS::IdentityProviderConfig": f"identityproviderconfig/{name}/oidc/oidc-0123456789/id",
            "AWS::EKS::AccessEntry": f"access-entry/{name}/role/{ACCOUNT}/HardenedEks-Role/id",
        }
        principal: dict[str, Any] = {}
        if action == "CreateCluster":
            given = {GIVEN: made.owner} if made.owner else {}
            access = made.properties["AccessConfig"]["BootstrapClusterCreatorAdminPermissions"]
            given["eks:bootstrapClusterCreatorAdminPermissions"] = str(access).lower()
            yield request("eks:CreateCluster", "*", **given)
            return
        if action == "AssociateIdentityProviderConfig":
            issuer = {"eks:issuerUrl": made.properties["Oidc"]["IssuerUrl"]}
            yield request(f"eks:{action}", arn("eks", f"cluster/{name}"), **issuer)
            return
        if action == "AssociateAccessPolicy":
            who = str(made.properties["PrincipalArn"])
            role = who.rpartition("/")[2] if who.startswith("arn:") else "HardenedEks-Role"
            entry = arn("eks", f"access-entry/{name}/role/{ACCOUNT}/{role}/id")
            for policy in made.properties.get("AccessPolicies", ()):
                yield request(f"eks:{action}", entry, **{"eks:policyArn": policy["PolicyArn"]})
            return
        if action == "CreateAccessEntry":
            principal = {"eks:principalArn": iam_arn("role/HardenedEks-Role")}
        if "PodIdentityAssociation" in action and not action.startswith("Create"):
            yield request(f"eks:{action}", arn("eks", things["AWS::EKS::PodIdentityAssociation"]))
        elif action.startswith("Create") or (action, made.kind) == (
            "DescribeUpdate",
            "AWS::EKS::IdentityProviderConfig",
        ):
            yield request(f"eks:{action}", arn("eks", f"cluster/{name}"), **principal)
        else:
            yield request(f"eks:{action}", arn("eks", things[made.kind]))

    # IAM

    def _iam(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        bound = {"iam:PermissionsBoundary": self.boundary} if self.boundary else {}
        if action == "CreateServiceLinkedRole":
            for service in creator_types.LINKED[made.kind]:
                linked = iam_arn(f"role/aws-service-role/{service}/AWSServiceRoleForIt")
                yield request("iam:CreateServiceLinkedRole", linked, **{"iam:AWSServiceName": service})
        elif action == "PassRole":
            for service in creator_types.PASSED[made.kind]:
                yield request("iam:PassRole", iam_arn("role/HardenedEks-Role"), **{"iam:PassedToService": service})
        elif action in ("AttachRolePolicy", "DetachRolePolicy"):
            for policy in self._policies(made):
                attached = {"iam:PolicyARN": policy, **bound}
                yield request(f"iam:{action}", iam_arn(f"role/{self.role_name(made)}"), **attached)
        elif action == "DeleteRolePermissionsBoundary" and self.boundary:
            return  # what a boundary binds cannot take it off, not even by a rollback
        elif made.kind == "AWS::IAM::OIDCProvider":
            for issuer in (f"oidc.eks.{REGION}.amazonaws.com", f"oidc-eks.{REGION}.api.aws"):
                yield request(f"iam:{action}", iam_arn(f"oidc-provider/{issuer}/id/0A1B"))
        elif made.kind == "AWS::IAM::ManagedPolicy":
            yield request(f"iam:{action}", iam_arn(f"policy/{made.name}"))
        elif made.kind == "AWS::IAM::InstanceProfile":
            yield request(f"iam:{action}", iam_arn(f"instance-profile/{made.name}"))
        else:
            yield request(f"iam:{action}", iam_arn(f"role/{self.role_name(made)}"), **bound)
            if action == "GetRole" and made.kind in ("AWS::EKS::Nodegroup", "AWS::EKS::FargateProfile"):
                for service in creator_types.LINKED[made.kind]:
                    yield request("iam:GetRole", iam_arn(f"role/aws-service-role/{service}/AWSServiceRoleForIt"))

    def role_name(self, made: Made) -> str:
        return made.name if made.kind == "AWS::IAM::Role" else "HardenedEks-Role"

    def _policies(self, made: Made) -> Iterator[str]:
        if made.kind == "AWS::IAM::ManagedPolicy":
            yield iam_arn(f"policy/{made.name}")
        for policy in made.properties.get("ManagedPolicyArns", ()):
            yield policy if str(policy).startswith("arn:") else iam_arn(f"policy/HardenedEks-{policy}")

    # Services whose resources have names

    def _named(self, service: str, resource: str, action: str) -> Iterator[Request]:
        yield request(f"{service}:{action}", arn(service, resource) if resource != "*" else "*")

    def _logs(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        delivery = made.kind == "AWS::Route53Resolver::ResolverQueryLoggingConfig"
        nowhere = made.kind in ("AWS::Logs::QueryDefinition", "AWS::Logs::ResourcePolicy")
        listed = action.startswith("Describe") and action != "DescribeMetricFilters"
        everywhere = delivery or nowhere or listed
        group = made.properties["LogGroupName"] if made.kind == "AWS::Logs::MetricFilter" else made.name
        group = next((one.name for one in self.stacks if one.logical_id == group), group)  # a reference
        thing = "scheduled-query:id" if made.kind == "AWS::CloudWatch::LogAlarm" else f"log-group:{group}"
        yield from self._named("logs", "*" if everywhere else thing, action)

    def _states(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        activity = made.kind == "AWS::StepFunctions::Activity"
        name = f"activity:{made.name}" if activity else f"stateMachine:{made.properties['StateMachineName']}"
        yield from self._named("states", name, action)

    def _scheduler(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("scheduler", f"schedule/default/{made.name}", action)

    def _s3(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield request(f"s3:{action}", f"arn:aws:s3:::cdk-hnb659fds-assets-{ACCOUNT}-{REGION}/code.zip")

    def _lambda(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if "LayerVersion" in action:
            version = "" if action.startswith("Publish") else ":1"
            for layer in [one for one in self.stacks if one.kind == "AWS::Lambda::LayerVersion"]:
                yield from self._named("lambda", f"layer:{layer.name}{version}", action)
            return
        yield from self._named("lambda", f"function:{made.name}", action)

    def _events(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind == "AWS::Events::Archive":
            yield from self._named("events", f"archive/{made.properties['ArchiveName']}", action)
            if action == "CreateArchive":
                yield from self._named("events", "event-bus/default", action)
            return
        kinds = {"AWS::Events::Connection": ("connection",), "AWS::Events::ApiDestination": ("api-destination",)}
        if action in ("CreateApiDestination", "DescribeApiDestination"):
            kinds["AWS::Events::ApiDestination"] = ("api-destination", "connection")
        for kind in kinds.get(made.kind, ("rule",)):
            yield from self._named("events", f"{kind}/{made.name}", action)

    def _cloudwatch(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind == "AWS::CloudWatch::Dashboard":
            name = made.properties["DashboardName"]
            yield request(f"cloudwatch:{action}", arn("cloudwatch", f"dashboard/{name}", region=""))
            return
        if made.kind == "AWS::CloudWatch::InsightRule":
            name = made.properties["RuleName"]
            listed = action == "DescribeInsightRules"
            yield from self._named("cloudwatch", "*" if listed else f"insight-rule/{name}", action)
            return
        names = (made.name, "*") if action == "DescribeAlarms" else (made.name,)
        for name in names:
            yield from self._named("cloudwatch", f"alarm:{name}", action)

    def _chatbot(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if action in creator_types.NO_RESOURCE_IN_CHATBOT:
            yield request(f"chatbot:{action}", "*")
            return
        kind = {"AWS::Chatbot::SlackChannelConfiguration": "slack-channel"}.get(made.kind, "teams-channel")
        name = made.properties["ConfigurationName"]
        yield request(f"chatbot:{action}", arn("chatbot", f"chat-configuration/{kind}/{name}", region=""))

    def _config(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("config", "*" if action.startswith("Describe") else "config-rule/config-rule-id", action)

    def _sns(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("sns", made.name, action)

    def _sqs(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield from self._named("sqs", made.name, action)

    def _ssm(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind == "AWS::SSM::Parameter":
            yield from self._named("ssm", f"parameter{made.name}", action)
        elif action == "ListAssociations":
            yield request("ssm:ListAssociations", "*")
        elif action == "Get*":  # of an Auto Scaling group, whose launch template names the image by a parameter
            image = "parameter/aws/service/bottlerocket/aws-k8s-1.36/arm64/latest/image_id"
            yield request("ssm:GetParameters", arn("ssm", image, account=""))
        elif action == "DescribeAssociation":
            yield request("ssm:DescribeAssociation", arn("ssm", "association/id"))
            yield request("ssm:DescribeAssociation", arn("ec2", "instance/id"))
        else:
            yield from self._named("ssm", f"document/{made.name}", action)

    def _ecr(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        if made.kind == "AWS::ECR::Repository":
            yield from self._named("ecr", f"repository/{made.name}", action)
        elif action in ("CreateRepository", "PutLifecyclePolicy"):
            # ECR's guide lists them for templates and does not say for which resource: the prefix, or every name.
            for name in ("ROOT", "ROOT/*", "*"):
                yield from self._named("ecr", f"repository/{name}", action)
        else:
            yield request(f"ecr:{action}", "*")

    def _inspector2(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        yield request(f"inspector2:{action}", "*")

    def _secretsmanager(self, made: Made, handler: str, action: str) -> Iterator[Request]:
        own = {"AWS::Events::Connection": f"events!connection/{made.name}/id"}
        name = own.get(made.kind, "ecr-pullthroughcache/quay-AbCdEf")
        yield from self._named("secretsmanager", f"secret:{name}", action)

    # Calls that no schema lists

    def _by_hand(self) -> Iterator[Call]:
        for action, resource, context, types, source in creator_types.BY_HAND:
            if types <= self.by_kind.keys():
                tag = self.tag_of("AWS::KMS::Key") if action.startswith("kms:") else {}
                if self.boundary and action.startswith("iam:"):
                    tag = {"iam:PermissionsBoundary": self.boundary}
                for stack in sorted({made.stack for made in self.stacks}):
                    asked = request(action, resource.replace("{stack}", stack), **context, **tag)
                    yield Call(asked, source)
        for made in self.stacks:
            if made.kind == "AWS::IAM::Role":
                yield from self._handed(made)

    def _handed(self, made: Made) -> Iterator[Call]:
        document = made.properties["AssumeRolePolicyDocument"]
        for statement in document["Statement"] if isinstance(document, dict) else ():  # the trust of IRSA is text
            services = resolve(statement["Principal"].get("Service", []))
            for service in [services] if isinstance(services, str) else services:
                yield Call(
                    request("iam:PassRole", iam_arn(f"role/{made.name}"), **{"iam:PassedToService": service}),
                    f"{made.stack}/{made.logical_id} trusts {service}",
                )


def of_kubectl(made: Made, permission: str) -> bool:
    """Tell whether a permission is excluded for other functions, and needed by those with uploaded code."""
    uploaded = made.is_uploaded_function or made.kind == "AWS::Lambda::LayerVersion"
    return uploaded and permission in creator_excluded.OF_KUBECTL[made.kind]


def never_needed(kind: str, permission: str) -> bool:
    """Tell whether a permission of a schema is excluded by hand."""
    return any(fnmatchcase(permission, pattern) for pattern in creator_excluded.NEVER_NEEDED) or any(
        kind == type_ and fnmatchcase(permission, pattern) for type_, pattern in creator_excluded.NOT_OF_THIS_TYPE
    )


def permissions(stacks: Sequence[Made]) -> Mapping[tuple[str, str], None]:
    """Return each type and permission that the schemas list."""
    return {(made.kind, permission): None for made in stacks for _, permission in made.handlers()}
