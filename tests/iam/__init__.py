"""A small evaluator of IAM: what a request may do under the policies that apply to it.

It covers what the library's policies use: identity policies, boundaries, service control policies, resource policies,
conditions and policy variables. Session policies, resource control policies and VPC endpoint policies are one more
element of `Policies.limits` for the caller to give.
"""

from tests.iam.evaluation import Policies, Request, Verdict, evaluate

__all__ = ["Policies", "Request", "Verdict", "evaluate"]
