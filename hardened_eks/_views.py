"""The CDK's interfaces of resources that are created as L1.

The CDK's imported constructs know only the name of their resource, so tags and managed policies for it would silently
be dropped. These views apply them to the resource.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from hardened_eks._l1 import create

if TYPE_CHECKING:
    from aws_cdk.interfaces import aws_iam as iam_refs

V = TypeVar("V", bound=IConstruct)


class Taggable(Protocol):
    """A resource with tags."""

    @property
    def tags(self) -> cdk.TagManager:
        """The tags."""


def view_of(resource: Taggable, view: V) -> V:
    """Apply the tags of a view to its resource, and return the view."""
    _Tags(view, resource)
    return view


@jsii.implements(cdk.ITaggableV2)
class _Tags(Construct):
    """The tags of a resource, as a child of its view, because the CDK's `Tags` visits all children of a construct."""

    def __init__(self, view: IConstruct, resource: Taggable) -> None:
        # The constructor of Construct refuses the proxies that the CDK's from_... methods return.
        jsii.create(type(self), self, [view, "Tags"])
        self._tags = resource.tags

    @property
    @jsii.member(jsii_name="cdkTagManager")
    def cdk_tag_manager(self) -> cdk.TagManager:
        """The tags of the resource."""
        return self._tags


@jsii.implements(iam.IRole, cdk.ITaggableV2)
class RoleView(cdk.Resource):
    """A role as the CDK's interface, with its grants in a managed policy."""

    def __init__(self, scope: Construct, id: str, resource: iam.CfnRole) -> None:
        """Store the resource. The first grant creates the policy."""
        super().__init__(scope, id)
        self._resource = resource

    @cached_property
    def _grants(self) -> iam.CfnManagedPolicy:
        return create(
            iam.CfnManagedPolicy,
            self,
            "Grants",
            roles=[self._resource.ref],
            policy_document=self._document,
            description="Grants to the role",
        )

    @cached_property
    def _document(self) -> iam.PolicyDocument:
        return iam.PolicyDocument()

    @property
    @jsii.member(jsii_name="cdkTagManager")
    def cdk_tag_manager(self) -> cdk.TagManager:
        """The tags of the role."""
        return self._resource.tags

    @property
    @jsii.member(jsii_name="roleArn")
    def role_arn(self) -> str:
        """ARN of the role."""
        return self._resource.attr_arn

    @property
    @jsii.member(jsii_name="roleName")
    def role_name(self) -> str:
        """Name of the role."""
        return self._resource.ref

    @property
    @jsii.member(jsii_name="roleRef")
    def role_ref(self) -> iam_refs.RoleReference:
        """The role as a reference for the CDK's L1 constructs."""
        return self._resource.role_ref

    @property
    @jsii.member(jsii_name="assumeRoleAction")
    def assume_role_action(self) -> str:
        """The action in a trust policy."""
        return "sts:AssumeRole"

    @property
    @jsii.member(jsii_name="policyFragment")
    def policy_fragment(self) -> iam.PrincipalPolicyFragment:
        """The role in policies of resources."""
        return iam.ArnPrincipal(self.role_arn).policy_fragment

    @property
    @jsii.member(jsii_name="principalAccount")
    def principal_account(self) -> str | None:
        """The account of the role."""
        return self.env.account

    @property
    @jsii.member(jsii_name="grantPrincipal")
    def grant_principal(self) -> iam.IPrincipal:
        """The role itself."""
        return cast("iam.IPrincipal", self)

    @jsii.member(jsii_name="addManagedPolicy")
    def add_managed_policy(self, policy: iam.IManagedPolicy) -> None:
        """Attach a managed policy."""
        attached = list(self._resource.managed_policy_arns or [])
        self._resource.managed_policy_arns = [*attached, policy.managed_policy_arn]

    @jsii.member(jsii_name="addToPolicy")
    def add_to_policy(self, statement: iam.PolicyStatement) -> bool:
        """Add a statement to the managed policy of the grants."""
        return bool(self.add_to_principal_policy(statement).statement_added)

    @jsii.member(jsii_name="addToPrincipalPolicy")
    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add a statement to the managed policy of the grants."""
        policy = self._grants
        self._document.add_statements(statement)
        return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=policy)

    @jsii.member(jsii_name="attachInlinePolicy")
    def attach_inline_policy(self, policy: iam.Policy) -> None:
        """Attach an inline policy, which auditors' packs and IA-06 refuse."""
        policy.attach_to_role(cast("iam.IRole", self))

    @jsii.member(jsii_name="grant")
    def grant(self, grantee: iam.IPrincipal, *actions: str) -> iam.Grant:
        """Allow a principal actions on the role."""
        return iam.Grant.add_to_principal(
            grantee=cast("iam.IGrantable", grantee), actions=list(actions), resource_arns=[self.role_arn]
        )

    @jsii.member(jsii_name="grantAssumeRole")
    def grant_assume_role(self, grantee: iam.IPrincipal) -> iam.Grant:
        """Let a principal assume the role. Its trust policy must name the principal, too."""
        return self.grant(grantee, "sts:AssumeRole")

    @jsii.member(jsii_name="grantPassRole")
    def grant_pass_role(self, grantee: iam.IPrincipal) -> iam.Grant:
        """Let a principal pass the role to a service."""
        return self.grant(grantee, "iam:PassRole")


def role_view(scope: Construct, resource: iam.CfnRole) -> iam.IRole:
    """Return the CDK's interface of a role of a construct, which the first use creates."""
    return cast("iam.IRole", scope.node.try_find_child("RoleView") or RoleView(scope, "RoleView", resource))
