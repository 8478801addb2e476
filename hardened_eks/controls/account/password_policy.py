from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource

_LENGTH, _AGE, _REUSE = 14, 90, 24
_CHARACTERS: Final = (
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
)


@control(
    id="AC-11",
    title="The password policy requires IAM users to have long passwords and to change them",
    requirement="account.password_policy",
    types=("AWS::IAM::AccountPasswordPolicy",),
    needs="resource",
    absence="the account has no password policy",
    severity=Severity.MEDIUM,
    why="Each remaining IAM user is a way into the account, and short passwords can be guessed.",
    fix=(
        "Run `aws iam update-account-password-policy --minimum-password-length 16 --require-symbols --require-numbers "
        "--require-uppercase-characters --require-lowercase-characters --max-password-age 90 "
        "--password-reuse-prevention 24 --allow-users-to-change-password`. The call resets settings that it does not "
        "name."
    ),
    source="https://docs.aws.amazon.com/config/latest/developerguide/iam-password-policy.html",
    blind="Templates: this is an account setting without a CloudFormation resource type, so only an account shows it.",
    detective="CloudFormation has no resource type for this setting; `AccountDefaults.commands` lists the command.",
)
def password_policy(policy: Resource, assembly: Assembly) -> Iterator[Problem]:
    length = policy.number("MinimumPasswordLength")
    if not isinstance(length, int) or length < _LENGTH:
        yield Problem(f"passwords may be shorter than {_LENGTH} characters ({length})", "MinimumPasswordLength")
    for name in _CHARACTERS:
        if policy.flag(name, default=False) is not True:
            yield Problem(f"{name} is off", name)
    age = policy.number("MaxPasswordAge")
    if not isinstance(age, int) or not 0 < age <= _AGE:
        yield Problem(f"passwords do not expire within {_AGE} days ({age})", "MaxPasswordAge")
    reuse = policy.number("PasswordReusePrevention")
    if not isinstance(reuse, int) or reuse < _REUSE:
        yield Problem(f"fewer than {_REUSE} old passwords are remembered ({reuse})", "PasswordReusePrevention")
