"""Who gets through a trust policy: request contexts as AWS fills them, and the few operators that our trusts use."""

from __future__ import annotations

import fnmatch
from typing import Any

ACCOUNT, REGION = "123456789012", "eu-west-1"
KNOWN = {"AWS::Partition": "aws", "AWS::AccountId": ACCOUNT, "AWS::Region": REGION}


def plain(value: Any) -> Any:
    """Fill in the pseudo parameters of a synthesized document."""
    if isinstance(value, dict) and list(value) == ["Ref"]:
        return KNOWN[value["Ref"]]
    if isinstance(value, dict) and list(value) == ["Fn::Join"]:
        return value["Fn::Join"][0].join(plain(part) for part in value["Fn::Join"][1])
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def admits(document: dict[str, Any], action: str, context: dict[str, str]) -> bool:
    """Say whether IAM lets a request through: some Allow matches, and no Deny."""
    effects = {s["Effect"] for s in plain(document)["Statement"] if _matches(s, action, context)}
    return effects == {"Allow"}


def _matches(statement: dict[str, Any], action: str, context: dict[str, str]) -> bool:
    principals = _list(statement["Principal"]["AWS"])
    known = context["aws:PrincipalArn"] in principals or f"arn:aws:iam::{ACCOUNT}:root" in principals
    return (
        known
        and action in _list(statement["Action"])
        and all(
            key in context and any(_holds(operator, _filled(value, context), context[key]) for value in _list(wanted))
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _filled(value: str, context: dict[str, str]) -> str | None:
    """Return a value with its policy variable; without a value the condition does not match."""
    return context.get(value[2:-1]) if value.startswith("${") else value


def _holds(operator: str, wanted: str | None, given: str) -> bool:
    if wanted is None:
        return False
    if operator == "NumericLessThan":
        return float(given) < float(wanted)
    if operator == "ArnLike":
        mine, theirs = given.split(":", 5), wanted.split(":", 5)
        return all(fnmatch.fnmatchcase(one, pattern) for one, pattern in zip(mine, theirs, strict=True))
    return {"StringEquals": given == wanted, "Bool": given.lower() == wanted}[operator]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def of_user(name: str = "ana", **more: str) -> dict[str, str]:
    """Return the context of an IAM user who has just shown MFA and takes the role in the stack's region."""
    return {
        "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "aws:username": name,
        "aws:MultiFactorAuthPresent": "true",
        "aws:MultiFactorAuthAge": "60",
        "aws:ViaAWSService": "false",
        "aws:RequestedRegion": REGION,
        "sts:SourceIdentity": name,
        **more,
    }


def of_role(**more: str) -> dict[str, str]:
    """Return the context of a session that was taken with AssumeRole: no MFA, whoever took it."""
    made = of_user(**{"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/on-call", **more})
    return {k: v for k, v in made.items() if k not in {"aws:username", "aws:MultiFactorAuthAge"}} | {
        "aws:MultiFactorAuthPresent": "false"
    }


def of_center(user_id: str, *, permission_set: str = "BreakGlass", home: str = "", **more: str) -> dict[str, str]:
    """Return the context of a person of IAM Identity Center: the session carries no MFA and no source identity."""
    path = f"{home}/" if home else ""
    role = f"aws-reserved/sso.amazonaws.com/{path}AWSReservedSSO_{permission_set}_0123456789abcdef"
    made = of_role(**{"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/{role}"})
    return {**made, "identitystore:UserId": user_id, "sts:SourceIdentity": user_id, **more}
