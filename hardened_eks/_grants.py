"""Grants that go into a managed policy."""

from __future__ import annotations

from functools import cached_property

import jsii
from aws_cdk import aws_iam as iam


@jsii.implements(iam.IPrincipal)
class ManagedGrants:
    """A role as the principal of grants, whose statements go into one managed policy beside it.

    The CDK's own roles take grants in an inline policy, which auditors' packs refuse, as does IA-06. A managed policy
    takes 6,144 characters (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
    """

    def __init__(self, role: iam.Role) -> None:
        """Take the role; the policy is created with the first grant."""
        self._role = role

    @cached_property
    def policy(self) -> iam.ManagedPolicy:
        """The policy; created on first use."""
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
        """Itself."""
        return self

    @jsii.member(jsii_name="addToPrincipalPolicy")
    def add_to_principal_policy(self, statement: iam.PolicyStatement) -> iam.AddToPrincipalPolicyResult:
        """Add to the managed policy."""
        self.policy.add_statements(statement)
        return iam.AddToPrincipalPolicyResult(statement_added=True, policy_dependable=self.policy)
