"""The External Secrets Operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hardened_eks._kinds import KEY, PARAMETER, SECRET, list_problems
from hardened_eks.addons._charted import ChartedController
from hardened_eks.addons._controller import text_problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_secretsmanager as secretsmanager
    from aws_cdk import aws_ssm as ssm
    from constructs import Construct

    from hardened_eks._cluster_like import ClusterLike


class ExternalSecrets(ChartedController):
    """The External Secrets Operator: copies the secrets and parameters that you name into Kubernetes Secrets.

    It reads them and nothing else: it lists no secret of the account (``dataFrom.find`` does not work), and writes none
    back (``PushSecret``). Anyone who may create an ExternalSecret in a namespace reads every secret named here: give
    the secrets of one team to an operator of its own, with `namespace` and `id`. Where a pod can read its secret
    itself, mount it by the Secrets Store CSI driver, which leaves no copy in etcd.
    """

    def __init__(
        self,
        cluster: ClusterLike,
        *,
        secrets: Sequence[secretsmanager.ISecret] = (),
        parameters: Sequence[ssm.IParameter] = (),
        keys: Sequence[kms.IKey] = (),
        scope: Construct | None = None,
        id: str = "ExternalSecrets",
        namespace: str | None = None,
        service_account: str = "external-secrets",
        image_repository: str | None = None,
    ) -> None:
        """Create the role and its policy, and the values of the chart.

        Args:
            cluster: the cluster that it runs in.
            secrets: the secrets of AWS Secrets Manager that it may read.
            parameters: the parameters of Systems Manager that it may read.
            keys: KMS keys that encrypt parameters, or secrets whose key the CDK does not know. Default: the keys of
                `secrets` that it knows.
            scope: where they go. Default: the cluster.
            id: construct id.
            namespace: Kubernetes namespace. Default: ``external-secrets``, that of its profile in the baseline.
            service_account: its service account, which takes the role.
            image_repository: where nodes pull its image from. Default: the chart's own, and in an isolated network
                ``external-secrets`` of the account's ECR, to which you copy it.

        Raises:
            ConfigurationError: naming every mistake in the arguments: no secret and no parameter, for instance; or the
                cluster goes without the Pod Identity agent.
        """
        self._prepare(
            "external-secrets",
            cluster,
            scope,
            id,
            namespace=namespace,
            service_accounts=[service_account],
            problems=[
                *list_problems(SECRET, secrets=secrets),
                *list_problems(PARAMETER, parameters=parameters),
                *list_problems(KEY, keys=keys),
                *([] if secrets or parameters else ["name at least one secret (secrets=) or parameter (parameters=)"]),
                *text_problems(image_repository=image_repository),
            ],
        )
        key_arns = list(dict.fromkeys(key.key_arn for key in (*_known_keys(secrets), *keys)))
        named = {
            "secrets": [_arn(secret) for secret in secrets],
            "parameters": [parameter.parameter_arn for parameter in parameters],
            "keys": key_arns,
        }
        self._allow([service_account], [part for part, arns in named.items() if arns], named)
        image = self._image(image_repository, "external-secrets")
        pulled: dict[str, Any] = {"image": {"repository": image}} if image else {}
        self._with(
            {
                "serviceAccount": {"create": True, "name": service_account},
                **pulled,
                "certController": pulled,
                "webhook": pulled,
            }
        )


def _known_keys(secrets: Sequence[secretsmanager.ISecret]) -> Iterator[kms.IKey]:
    for secret in secrets:
        key = secret.encryption_key
        if key is not None:
            yield key


def _arn(secret: secretsmanager.ISecret) -> str:
    """Return the ARN for a policy: without the six characters that end it, where nobody knows them, with wildcards."""
    whole = secret.secret_full_arn
    return f"{secret.secret_arn}-??????" if whole is None else whole
