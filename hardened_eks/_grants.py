"""Grants in a managed policy."""

from __future__ import annotations

from functools import cached_property

import jsii
from aws_cdk import aws_iam as iam


@jsii.implements(iam.IPrincipal)
class ManagedGrants:
    """A role as the principal of grants, whose statements are in one managed policy.

    The CDK's own roles have grants in an inline policy, which auditors' packs and IA-06 refuse. A managed policy may
    have 6,144 characters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
    """

    def __init__(self, role: iam.Role) -> None:
        """Store the role. The first grant creates the policy."""
        self._role = role

    @cached_property
    def policy(self) -> iam.ManagedPolicy:
        """The managed policy, which the first use creates."""
        return iam.ManagedPolicy(self._role, "Grants", roles=[self._role])

    @property
    @jsii.member(jsii_name="assumeRoleAction")
    def assume_role_action(self) -> str:
        """The action in a trust policy."""
        return self._role.assume_role_action

    @property
    @jsii.member(jsii_name="policyFragment")
    def policy_fragment(self) -> iam.PrincipalPolicyFragment:
        """The role in policies of resources."""
        return self._role.policy_fragment

    @property
    @jsii.member(jsii_name="principalAccount")
    def principal_account(self) -> str | None:
        """The role's account."""
        return self._role.principal_account

    @property
    @jsii.member(jsii_name="grantPrincipal")
    def grant_principal(self) -> iam.IPrincipal:
        """This object."""
        return self

    @jsii.member(jsii_name="addToPrincipalPolicy")
    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add to the managed policy."""
        self.policy.add_statements(statement)
        return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=self.policy)
