from collections.abc import Iterator

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-12",
    title="The account has an alternate contact for security",
    requirement="account.roles_and_contacts",
    types=("AWS::Account::AlternateContact",),
    needs="resource",
    absence="the account has no security contact",
    severity=Severity.MEDIUM,
    why=(
        "Without it, AWS sends a notice about stolen keys only to the email address of the root user, which nobody "
        "reads at night."
    ),
    fix=(
        "Run `aws account put-alternate-contact --alternate-contact-type SECURITY --name NAME --title TITLE "
        "--email-address MAIL --phone-number PHONE`."
    ),
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/account-controls.html#account-1",
    blind="Whether somebody reads the mailbox.",
    detective="CloudFormation has no resource type for this setting; `AccountDefaults.commands` lists the command.",
)
def security_contact(contact: Resource, assembly: Assembly) -> Iterator[Problem]:
    if contact.get("AlternateContactType") != "SECURITY":
        return
    for name in ("EmailAddress", "PhoneNumber"):
        if not contact.get(name):
            yield Problem(f"the security contact has no {name}", name)
