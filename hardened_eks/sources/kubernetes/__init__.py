"""A client for live Kubernetes APIs that reads objects in pages and uses only the standard library.

api = Api.of_cluster(eks.describe_cluster(name="payments")["cluster"], token=EksToken("payments", "eu-west-1"))
names = [space["metadata"]["name"] for space in api.all("/api/v1/namespaces")]

`Api` takes any function that returns a bearer token. `hardened_eks.sources.kubernetes.token` creates the tokens of EKS,
and is the only module here that needs botocore. Nothing is written.
"""

from hardened_eks.sources.kubernetes.api import Api
from hardened_eks.sources.kubernetes.errors import ApiError

__all__ = ["Api", "ApiError"]
