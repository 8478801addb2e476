from collections.abc import Iterator
from typing import Final

from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource
from hardened_eks.evidence.views.destinations import foreign
from hardened_eks.evidence.views.vpc import VPC, clusters_in
from hardened_eks.evidence.worst import as_far_as_known

_ASSOCIATION: Final = "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation"
_CONFIG: Final = "AWS::Route53Resolver::ResolverQueryLoggingConfig"


@control(
    id="NW-22",
    title="The DNS queries of a cluster's VPC are logged",
    requirement="vpc.flow_logs",
    types=(VPC,),
    severity=Severity.MEDIUM,
    why=(
        "Flow logs do not record queries to the Amazon resolver. Without a query log, nobody knows which names a "
        "compromised pod looked up, or which data it sent in them."
    ),
    fix=(
        "Associate the VPC with an AWS::Route53Resolver::ResolverQueryLoggingConfig whose destination is your own log "
        "group, bucket or stream: Network(dns=Dns()) does this."
    ),
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html",
    blind=(
        "Queries that CoreDNS answers from its cache, and queries to other servers. A configuration that another "
        "account shares is not in the assembly and is a finding."
    ),
    enforced_by="Network",
)
def dns_query_log(vpc: Resource, assembly: Assembly) -> Iterator[Problem]:
    if not clusters_in(vpc, assembly):
        return
    others = [association.get("ResourceId") for association in assembly.of(_ASSOCIATION)]
    reason = as_far_as_known("no query log is associated with it", *others)
    for association in assembly.referring(vpc, _ASSOCIATION):
        if assembly.target(association.get("ResourceId"), VPC, near=association) is not vpc:
            continue
        config = assembly.target(association.get("ResolverQueryLogConfigId"), _CONFIG, near=association)
        if config is None:
            reason = f"the query log of {association.logical_id} is not in the assembly"
            continue
        other = foreign(config.get("DestinationArn"), config, assembly)
        if not other:
            return
        reason = f"its query log {config.logical_id} is sent elsewhere: {other}"
    yield Problem(reason)
