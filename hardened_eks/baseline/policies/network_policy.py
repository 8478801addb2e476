from __future__ import annotations

from typing import Final

from hardened_eks.baseline.policies._pods import OBJECT_CHANGES, SPEC
from hardened_eks.baseline.policies.model import Match, Policy, Validation

_POWERS: Final = [2**bits for bits in range(33)]
_V6: Final = [0xFD00, 0x0EC2, 0, 0, 0, 0, 0, 0x0254]
"""fd00:ec2::254, the instance metadata service over IPv6."""
_V4: Final = 0xA9FEA9FE
"""169.254.169.254"""


def _v4(cidr: str) -> str:
    """Return a CEL expression: an IPv4 range contains 169.254.169.254. Not every CEL engine has cidr()."""
    octet = [f"int({cidr}.split('/')[0].split('.')[{i}]) * {256 ** (3 - i)}" for i in range(4)]
    size = f"{_POWERS}[32 - int({cidr}.split('/')[1])]"
    return f"({' + '.join(octet)}) / {size} == {_V4} / {size}"


def _group(cidr: str) -> str:
    """Return a CEL expression: the i-th of the eight groups of an IPv6 address, with four digits."""
    address = f"{cidr}.split('/')[0]"
    left = f"{address}.split('::')[0].split(':').filter(part, part != '')"
    right = f"({address}.contains('::') ? {address}.split('::')[1].split(':').filter(part, part != '') : [])"
    return (
        f"[i < {left}.size() ? {left}[i] : i >= 8 - {right}.size() ? {right}[i - 8 + {right}.size()] : '0']"
        ".map(short, ('0000' + short.lowerAscii()).substring(short.size()))[0]"
    )


def _v6(cidr: str) -> str:
    """Return a CEL expression: an IPv6 range contains fd00:ec2::254."""
    number = " + ".join(f"'0123456789abcdef'.indexOf(digits.charAt({i})) * {16 ** (3 - i)}" for i in range(4))
    prefix = f"int({cidr}.split('/')[1])"
    size = f"{_POWERS[:17]}[{prefix} >= 16 * i + 16 ? 0 : {prefix} <= 16 * i ? 16 : 16 * i + 16 - {prefix}]"
    return f"[0, 1, 2, 3, 4, 5, 6, 7].all(i, [{_group(cidr)}].all(digits, ({number}) / {size} == {_V6}[i] / {size}))"


def readable(cidr: str) -> str:
    """Return a CEL expression: a range is IPv4, or IPv6 without an embedded IPv4 address."""
    v4 = f"{cidr}.matches('^[0-9]{{1,3}}([.][0-9]{{1,3}}){{3}}/([0-9]|[12][0-9]|3[0-2])$')"
    v6 = f"{cidr}.matches('^[0-9a-fA-F]*:[0-9a-fA-F:]*/[0-9]{{1,3}}$')"
    return f"({v4} || {v6} && !{cidr}.matches('(?i)^[0:]*:ffff:'))"


_EVERYWHERE: Final = (
    "has(e.to) && e.to != null && e.to.size() > 0"
    " || has(e.ports) && e.ports != null && e.ports.size() > 0 && e.ports.all(p,"
    " has(p.protocol) && p.protocol != null && p.protocol != 'TCP'"
    " || has(p.port) && p.port != null && (has(p.endPort) && p.endPort != null"
    " ? p.port > 80 || p.endPort < 80 : p.port != 80))"
)

_EACH: Final = "variables.blocks.all(peers, peers.all(peer, peer.all(ranges,"

POLICY = Policy(
    id="network-policy",
    title="No network policy opens the instance metadata service",
    why="Network policies only add: one range that holds 169.254.169.254 gives pods the node's credentials again.",
    matches=(
        Match("networking.k8s.io", ("networkpolicies",)),
        Match("networking.k8s.aws", ("applicationnetworkpolicies", "clusternetworkpolicies"), versions=("*",)),
    ),
    conditions=(OBJECT_CHANGES,),
    variables=(
        SPEC,
        (
            "active",
            (
                "!has(variables.spec.policyTypes) || variables.spec.policyTypes == null"
                " || variables.spec.policyTypes.size() == 0 || 'Egress' in variables.spec.policyTypes"
            ),
        ),
        (
            "egress",
            (
                "(variables.active && has(variables.spec.egress) && variables.spec.egress != null"
                " ? variables.spec.egress : []).filter(e, !has(e.action) || e.action == 'Accept')"
            ),
        ),
        (
            "blocks",
            (
                "variables.egress.map(e, has(e.to) && e.to != null ? e.to.filter(t,"
                " has(t.ipBlock) && t.ipBlock != null || has(t.networks) && t.networks != null)"
                ".map(t, has(t.ipBlock) && t.ipBlock != null ? [[has(t.ipBlock.cidr) ? t.ipBlock.cidr : '']"
                " + (has(t.ipBlock.cidr) && has(t.ipBlock.except) && t.ipBlock.except != null"
                " ? t.ipBlock.except.filter(x, x.contains(':') == t.ipBlock.cidr.contains(':')) : [])]"
                " : t.networks.map(n, [n])) : [])"
            ),
        ),
        ("readable", f"{_EACH} ranges.all(c, {readable('c')}))))"),
    ),
    validations=(
        Validation(
            f"variables.egress.all(e, {_EVERYWHERE})",
            "an egress rule without `to` reaches the instance metadata service: name where it leads, or its ports",
        ),
        Validation(
            "variables.readable",
            "an egress range is neither IPv4 nor plain IPv6: write it as 10.0.0.0/8 or 2001:db8::/32",
        ),
        Validation(
            f"!variables.readable || {_EACH} [ranges.map(c, c.contains(':') ? {_v6('c')} : {_v4('c')})]"
            ".all(holds, !holds[0] || holds.filter(h, h).size() > 1))))",
            "an egress range holds the instance metadata service: add 169.254.169.254/32 (fd00:ec2::254/128) to except,"
            " or leave the range out",
        ),
    ),
)
"""Each peer is a list of lists of ranges: the first range is the block, the others are its exceptions."""
