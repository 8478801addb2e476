"""Permissions of the cluster creator role in Route 53 Resolver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks import _aws, _owner
from hardened_eks.access import _actions
from hardened_eks.access._creator_reach import both, here, named

if TYPE_CHECKING:
    from hardened_eks.access._creator_reach import Reach


def dns_statements(reach: Reach) -> list[dict[str, Any]]:
    """Return the statements on DNS firewalls and query logs."""
    resources = [_aws.arn("route53resolver", f"{kind}/*") for kind in _actions.RESOLVER_TYPES]
    unowned = {"Null": {f"aws:ResourceTag/{_owner.KEY}": "true"}}
    return [
        {
            "Action": named("route53resolver", _actions.NEW_RESOLVER),
            "Resource": resources,
            "Condition": reach.born(),
        },
        # AWS does not document whether a resource already has its tags when Resolver checks this action.
        {
            "Action": "route53resolver:TagResource",
            "Resource": resources,
            "Condition": both(reach.born(), unowned),
        },
        {
            "Action": named("route53resolver", _actions.RESOLVER),
            "Resource": resources,
            "Condition": reach.owned(),
        },
        {
            "Action": "route53resolver:TagResource",
            "Resource": resources,
            "Condition": both(reach.owned(), reach.kept()),
        },
        {
            "Sid": "QueryLogs",
            "Action": [*named("route53resolver", _actions.QUERY_LOGS), *named("logs", _actions.DELIVERIES)],
            "Resource": "*",
            "Condition": here(),
        },
    ]
