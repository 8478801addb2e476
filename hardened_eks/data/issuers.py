"""OIDC issuers that issue tokens to anybody who has an account with their operator.

Source: the discovery document of each issuer, read in November 2026.
"""

from __future__ import annotations

import re
from typing import Final

from hardened_eks._patterns import regex

SHARED: Final = regex(
    r"https://(token\.actions\.githubusercontent\.com|gitlab\.com|accounts\.google\.com|"
    r"login\.microsoftonline\.com/(common|organizations|consumers)|sts\.windows\.net/common|"
    r"(oidc\.)?circleci\.com|agent\.buildkite\.com|app\.terraform\.io|appleid\.apple\.com|"
    r"container\.googleapis\.com|oidc(-eks)?\.[a-z0-9.-]*amazonaws\.com|api\.bitbucket\.org)(/|$)",
    re.IGNORECASE,
)
"""A pattern for URLs of issuers that many organizations share."""
OF_CLUSTERS: Final = regex(r"https://oidc(-eks)?\.[a-z0-9.-]*(amazonaws\.com(\.cn)?|api\.aws)(/|$)", re.IGNORECASE)
"""A pattern for URLs of EKS cluster issuers, which sign tokens for pods, not for people."""
