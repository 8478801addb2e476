"""A live Kubernetes API: objects, in pages, with the standard library alone.

api = Api.of_cluster(eks.describe_cluster(name="payments")["cluster"], token=EksToken("payments", "eu-west-1"))
names = [space["metadata"]["name"] for space in api.all("/api/v1/namespaces")]

`Api` takes any function that returns a bearer token; `hardened_eks.sources.kubernetes.token` makes those of EKS, and is
the one module here that needs botocore. Nothing writes.
"""

from hardened_eks.sources.kubernetes.api import Api
from hardened_eks.sources.kubernetes.errors import ApiError

__all__ = ["Api", "ApiError"]
