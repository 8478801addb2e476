from collections.abc import Iterator

from hardened_eks.controls.account._declared import POLICY, declared
from hardened_eks.controls.model import Problem, Severity, control
from hardened_eks.evidence import Assembly, Resource


@control(
    id="AC-03",
    title="Instances of the account require IMDSv2 with a hop limit of 1 by default",
    requirement="node.imds.account_default",
    types=("AWS::EC2::InstanceMetadataDefaults", POLICY),
    needs="resource",
    absence="the account has no instance metadata defaults",
    severity=Severity.MEDIUM,
    why=(
        "An instance that starts without a hardened launch template gives the credentials of its role to its pods, "
        "and to anyone who can trick a server on it into sending a request."
    ),
    fix=(
        "Run `aws ec2 modify-instance-metadata-defaults --http-tokens required --http-put-response-hop-limit 1` in "
        "each Region, or deploy `OrganizationDefaults`."
    ),
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html",
    blind="Templates show only the settings of a declarative policy; the account setting itself has no resource type.",
    enforced_by="OrganizationDefaults",
)
def imds_account_defaults(setting: Resource, assembly: Assembly) -> Iterator[Problem]:
    if setting.type == POLICY:
        for tokens, path in declared(setting, "instance_metadata_defaults", "http_tokens"):
            if tokens != "required":
                yield Problem(f"IMDSv2 is not required (http_tokens is {tokens})", path)
        for limit, path in declared(setting, "instance_metadata_defaults", "http_put_response_hop_limit"):
            if str(limit) != "1":
                yield Problem(f"the hop limit is {limit}", path)
        return
    tokens = setting.get("HttpTokens", "no-preference")
    if tokens != "required":
        yield Problem(f"IMDSv2 is not required (HttpTokens is {tokens})", "HttpTokens")
    limit = setting.number("HttpPutResponseHopLimit")
    if limit != 1:
        yield Problem(f"the hop limit is {'not set' if limit is None else limit}", "HttpPutResponseHopLimit")
