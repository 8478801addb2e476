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
    """The External Secrets Operator, which copies the secrets and parameters that you name into Kubernetes Secrets.

    It may only read them: it cannot list the secrets of the account (``dataFrom.find`` does not work) or write secrets
    (``PushSecret``). Anyone who may create an ExternalSecret in a namespace can read every secret named here. For the
    secrets of one team, create a separate operator with its own `namespace` and `id`. If a pod can read its secret
    itself, mount the secret with the Secrets Store CSI driver, which leaves no copy in etcd.
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
            cluster: the cluster in which the controller runs.
            secrets: the secrets of AWS Secrets Manager that the operator may read. Default: none.
            parameters: the parameters of Systems Manager that the operator may read. Default: none. At least one secret
                or parameter is required.
            keys: KMS keys that encrypt `parameters`, or `secrets` whose key the CDK does not know. Default: the keys of
                `secrets` that the CDK knows.
            scope: the parent construct. Default: the cluster.
            id: construct ID. Default: ``ExternalSecrets``.
            namespace: Kubernetes namespace. Default: ``external-secrets``, the namespace of its profile in the
                baseline.
            service_account: Kubernetes service account of the controller, which gets the role. Default:
                ``external-secrets``.
            image_repository: repository of the controller's image. Default: that of the chart; in an isolated network,
                ``external-secrets`` in the account's ECR, to which you copy the image.

        Raises:
            ConfigurationError: an argument is invalid; neither a secret nor a parameter is given; or the cluster has no
                Pod Identity agent. The error lists all mistakes.
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
    """Return the ARN for a policy, with wildcards for its last six characters if they are not known."""
    whole = secret.secret_full_arn
    return f"{secret.secret_arn}-??????" if whole is None else whole
