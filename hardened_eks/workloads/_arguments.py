"""Checks of the arguments of `Workloads`, before any construct is created."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hardened_eks._kinds import LAYER
from hardened_eks._records import dataclass
from hardened_eks.alerts._combined import channel_problems
from hardened_eks.baseline import delivery
from hardened_eks.baseline.checking import MODES, NO_DNS
from hardened_eks.baseline.reading import SettingsError, read_settings
from hardened_eks.baseline.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_sns as sns

    from hardened_eks.alerts import AlertChannel
    from hardened_eks.baseline.namespaces import Namespace
    from hardened_eks.cluster._kubectl_arguments import KubectlArguments


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadsArguments:
    """The arguments of `Workloads`, which describes them."""

    kubectl: KubectlArguments
    baseline: Settings | None
    """None: it cannot be read."""
    unread: tuple[str, ...]
    mode: str
    alerts: AlertChannel | sns.ITopic | None

    @classmethod
    def of(
        cls,
        *,
        kubectl: KubectlArguments,
        baseline: Settings | str | Path,
        mode: str,
        alerts: AlertChannel | sns.ITopic | None,
    ) -> WorkloadsArguments:
        """Take the arguments, and read the settings from their file."""
        settings: Settings | None = None
        unread: tuple[str, ...] = ()
        if isinstance(baseline, Settings):
            settings = baseline
        elif isinstance(baseline, str | Path):
            try:
                settings = read_settings(Path(baseline).read_bytes(), str(baseline))
            except SettingsError as error:
                unread = tuple(f"baseline {problem}" for problem in error.problems)
            except OSError as error:
                unread = (f"baseline {str(baseline)!r} cannot be read: {error.strerror or error}",)
        else:
            unread = (
                f"baseline needs Settings of hardened_eks.baseline or the path of a settings file, got {baseline!r}",
            )
        if settings is not None and mode in MODES:
            settings = replace(settings, mode=mode)
        return cls(
            kubectl=kubectl,
            baseline=settings,
            unread=unread,
            mode=mode,
            alerts=alerts,
        )

    def problems(self) -> Iterator[str]:
        """Yield what is wrong with them."""
        if self.kubectl.layer is None:
            yield f"layer needs {LAYER.text}, got None: pass {LAYER.made}"
        yield from (problem for problem in self.kubectl.problems() if not problem.startswith("pass either layer"))
        yield from self.unread
        if self.mode not in MODES:
            yield f"mode needs one of {', '.join(MODES)}, got {self.mode!r}"
        yield from () if self.alerts is None else channel_problems(alerts=self.alerts)
        if self.baseline is not None:
            yield from delivery.problems(self.baseline)
            yield from self._network_problems(self.baseline)

    def _network_problems(self, baseline: Settings) -> Iterator[str]:
        if not hasattr(self.kubectl.cluster, "auto_mode_nodes"):
            return  # whether an imported cluster has Auto Mode is not known
        automatic = self.kubectl.cluster.auto_mode_nodes is not None
        if automatic and baseline.all_namespaces and not baseline.dns_addresses:
            yield f"baseline {NO_DNS}"
        by_domain = [] if automatic else [space.name for space in baseline.namespaces if _opens_domains(space)]
        if by_domain:
            yield (
                f"baseline opens domains in {', '.join(by_domain)}, which only nodes of Auto Mode enforce "
                "(https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html): name ranges with cidr"
            )


def _opens_domains(space: Namespace) -> bool:
    return any(isinstance(entry, Mapping) and "domains" in entry.get("to", {}) for entry in space.allow)
