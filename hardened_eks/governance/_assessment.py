"""An assessment of AWS Audit Manager, for accounts that have the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_auditmanager as auditmanager
from constructs import Construct

from hardened_eks import _aws, _owner
from hardened_eks._asked import stack_of
from hardened_eks._kinds import problems_in
from hardened_eks._l1 import create
from hardened_eks._patterns import regex
from hardened_eks._principals import arn_of, arn_problems
from hardened_eks._signed_code import BUCKET
from hardened_eks._tokens import is_literal
from hardened_eks._traces import leave_out_useless
from hardened_eks.data.audit_manager import CLOSED
from hardened_eks.data.regions import lacking
from hardened_eks.errors import repeated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_iam as iam

_TYPE: Final = "AWS::AuditManager::Assessment"
_ID: Final = regex(r"[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")
_NAME: Final = regex(r"[a-zA-Z0-9-_.]{1,127}")
_SET: Final = regex(r"[^\\_]{1,300}")
_ACCOUNT: Final = regex(r"\d{12}")
_MOST_ACCOUNTS: Final = 200


class AuditAssessment(Construct):
    """An assessment of AWS Audit Manager that collects evidence about clusters, for accounts that use the service.

    The service has accepted no new customers since 2026-04-30, and the stack fails in an account without it. Use
    conformance packs and ``hardened-eks evidence`` there (docs/how-to/answer-an-auditor.md).

    CloudFormation creates the framework and the assessment, but cannot create controls: ``hardened-eks controls
    audit-manager`` writes those for PCI DSS 1.3, with CreateCluster and UpdateClusterConfig as evidence, and the
    commands that create them (docs/how-to/audit-manager.md).
    """

    resource: auditmanager.CfnAssessment
    """The CloudFormation resource of the assessment."""
    framework: auditmanager.CfnAssessmentFramework | None
    """The CloudFormation resource of the framework; None with `framework_id`."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        account_active: bool,
        owner: iam.IRole | str,
        reports_bucket_name: str,
        control_sets: Mapping[str, Sequence[str]] | None = None,
        framework_id: str | None = None,
        accounts: Sequence[str] = (),
        name: str = "hardened-eks",
    ) -> None:
        """Create the assessment, and its framework.

        Args:
            scope: the parent construct.
            id: construct ID.
            account_active: must be True: confirms that ``aws auditmanager get-account-status`` returns ``ACTIVE`` in
                the account and Region. Synthesis cannot check it, and the stack fails in any other account.
            owner: role, or its ARN, of the process owners, who review evidence.
            reports_bucket_name: name of the bucket for reports, in the account and Region of the stack.
            control_sets: IDs of controls by the name of their set, such as ``{"PCI DSS 1.3": ["..."]}``, from which a
                framework is created. Default: none; then `framework_id` is required.
            framework_id: ID of an existing framework. A change replaces the assessment, with its evidence. Default:
                none; then `control_sets` is required.
            accounts: IDs of the accounts in scope, at most 200, all of the organization. Default: the stack's account.
            name: name of the assessment and of the framework, 1 to 127 letters, digits and ``-_.``. Default:
                ``hardened-eks``.

        Raises:
            ConfigurationError: an argument is invalid, or the Region lacks the service. The error lists all mistakes.
        """
        problems = problems_in(scope, f"AuditAssessment '{id}'")
        stack = stack_of(scope)
        problems.require(
            account_active is True,
            f"account_active needs True, got {account_active!r}: if `aws auditmanager get-account-status` does not "
            "return ACTIVE, leave the construct out and use conformance packs and `hardened-eks evidence` "
            "(docs/how-to/answer-an-auditor.md)",
        )
        arn = arn_of(owner)
        problems.extend(arn_problems("owner", arn, region=stack.region))
        problems.require(
            isinstance(reports_bucket_name, str)
            and (not is_literal(reports_bucket_name) or BUCKET.fullmatch(reports_bucket_name)),
            f"reports_bucket_name needs the name of a bucket, not its ARN, got {reports_bucket_name!r}",
        )
        problems.extend(_framework_problems(control_sets, framework_id))
        problems.extend(_account_problems(accounts))
        problems.require(
            isinstance(name, str) and _NAME.fullmatch(name),
            f"name needs 1 to 127 letters, digits and '-_.', known now, got {name!r}",
        )
        instead = "assess from another Region, or leave it out (docs/how-to/answer-an-auditor.md)"
        problems.extend(lacking(stack.region, _TYPE, needed_by="AuditAssessment", instead=instead))
        problems.raise_any()
        super().__init__(scope, id)
        _owner.tag(self, scope)
        leave_out_useless(self, scope)
        cdk.Annotations.of(self).add_info(CLOSED)
        self.framework = None
        if control_sets is not None:
            self.framework = self._framework(name, control_sets)
            framework_id = self.framework.attr_framework_id
        self.resource = create(
            auditmanager.CfnAssessment,
            self,
            "Resource",
            name=name,
            description="Evidence about EKS clusters",
            framework_id=framework_id,
            aws_account=auditmanager.CfnAssessment.AWSAccountProperty(id=_aws.account()),
            scope=auditmanager.CfnAssessment.ScopeProperty(
                aws_accounts=[
                    auditmanager.CfnAssessment.AWSAccountProperty(id=one) for one in accounts or (_aws.account(),)
                ]
            ),
            roles=[auditmanager.CfnAssessment.RoleProperty(role_arn=arn, role_type="PROCESS_OWNER")],
            assessment_reports_destination=auditmanager.CfnAssessment.AssessmentReportsDestinationProperty(
                destination=f"s3://{reports_bucket_name}", destination_type="S3"
            ),
            status="ACTIVE",
        )

    def _framework(self, name: str, sets: Mapping[str, Sequence[str]]) -> auditmanager.CfnAssessmentFramework:
        return create(
            auditmanager.CfnAssessmentFramework,
            self,
            "Framework",
            name=name,
            description="Controls about EKS clusters",
            control_sets=[
                auditmanager.CfnAssessmentFramework.ControlSetProperty(
                    name=title,
                    controls=[auditmanager.CfnAssessmentFramework.ControlSetControlProperty(id=one) for one in ids],
                )
                for title, ids in sets.items()
            ],
        )


def _framework_problems(sets: Any, framework_id: Any) -> Iterator[str]:
    if (sets is None) == (framework_id is None):
        yield (
            "pass either control_sets, with the IDs from the commands of `hardened-eks controls audit-manager`, or "
            f"framework_id, got {sets!r} and {framework_id!r}"
        )
    if framework_id is not None and (
        not isinstance(framework_id, str) or (is_literal(framework_id) and not _ID.fullmatch(framework_id))
    ):
        command = "aws auditmanager list-assessment-frameworks --framework-type Custom"
        yield f"framework_id needs the ID of a framework ({command}), got {framework_id!r}"
    if sets is None:
        return
    if not hasattr(sets, "items") or not sets:
        yield f"control_sets needs ids of controls by the name of their set, got {sets!r}"
        return
    for title, ids in sets.items():
        if not isinstance(title, str) or not _SET.fullmatch(title):
            yield f"control_sets has the name {title!r}: use 1 to 300 characters without '_' and backslash"
        if not isinstance(ids, list | tuple) or not ids:
            yield f"control_sets[{title!r}] needs a list of ids of controls, got {ids!r}"
            continue
        for one in ids:
            if not isinstance(one, str) or (is_literal(one) and not _ID.fullmatch(one)):
                yield f"control_sets[{title!r}] needs ids such as 01234567-89ab-cdef-0123-456789abcdef, got {one!r}"


def _account_problems(accounts: Any) -> Iterator[str]:
    if isinstance(accounts, str) or not isinstance(accounts, list | tuple) or len(accounts) > _MOST_ACCOUNTS:
        yield f"accounts needs a list of at most {_MOST_ACCOUNTS} account ids, got {accounts!r}"
        return
    for one in accounts:
        if not isinstance(one, str) or (is_literal(one) and not _ACCOUNT.fullmatch(one)):
            yield f"accounts needs IDs of 12 digits, as strings, got {one!r}"
    yield from (f"accounts names {one!r} twice" for one in repeated(accounts))
