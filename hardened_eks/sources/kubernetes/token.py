"""The bearer token with which an IAM role authenticates to the Kubernetes API of an EKS cluster.

It is a presigned request for STS GetCallerIdentity, bound to one cluster by a signed header. Creating one sends no
request. Source: https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from botocore.model import ServiceId
from botocore.session import get_session
from botocore.signers import RequestSigner

from hardened_eks.sources.kubernetes.errors import ApiError

if TYPE_CHECKING:
    from botocore.session import Session

_PREFIX: Final = "k8s-aws-v1."
_HEADER: Final = "x-k8s-aws-id"
_SECONDS: Final = 60


class EksToken:
    """A function object that returns tokens for one cluster, each valid for 15 minutes and cheap to create."""

    def __init__(self, cluster: str, region: str, *, session: Session | None = None) -> None:
        """Prepare the signer.

        Args:
            cluster: the name of the cluster.
            region: the Region of the cluster, whose STS endpoint the cluster calls.
            session: a botocore session, whose credentials sign. Default: the credentials of the environment.
        """
        self._cluster, self._region = cluster, region
        self._session = session or get_session()

    def __call__(self) -> str:
        """Return a token.

        Raises:
            ApiError: there are no credentials.
        """
        credentials = self._session.get_credentials()
        if credentials is None:
            raise ApiError("there are no AWS credentials to sign a token with")
        signer = RequestSigner(
            ServiceId("STS"), self._region, "sts", "v4", credentials, self._session.get_component("event_emitter")
        )
        request: dict[str, Any] = {
            "method": "GET",
            "url": f"https://sts.{self._region}.{self._suffix()}/?Action=GetCallerIdentity&Version=2011-06-15",
            "body": {},
            "headers": {_HEADER: self._cluster},
            "context": {},
        }
        signed = signer.generate_presigned_url(
            request, region_name=self._region, expires_in=_SECONDS, operation_name=""
        )
        return _PREFIX + base64.urlsafe_b64encode(signed.encode()).decode().rstrip("=")

    def _suffix(self) -> str:
        """Return the domain of the partition of the Region: ``amazonaws.com``, in China ``amazonaws.com.cn``."""
        partition = self._session.get_partition_for_region(self._region)
        resolver: Any = self._session.get_component("endpoint_resolver")
        return str(resolver.get_partition_dns_suffix(partition))
