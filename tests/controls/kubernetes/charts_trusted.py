from hardened_eks.controls.kubernetes import charts_trusted
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template

CHART = "Custom::AWSCDK-EKS-HelmChart"
REGISTRY = "oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com"
APPLICATION = "Kubernetes::argoproj.io::Application"
FLUX = "source.toolkit.fluxcd.io"
TRUSTED = "hardened-eks:trusted-charts"
GOOD = template(
    {
        "Web": (
            CHART,
            {"Release": "web", "Chart": "web", "Repository": f"{REGISTRY}/charts/web", "Version": "1.4.2"},
        ),
        "Charts": ("AWS::ECR::Repository", {"RepositoryName": "charts"}),
    }
)
OWN = {"Fn::Join": ["", ["oci://", {"Fn::GetAtt": ["Charts", "RepositoryUri"]}, "/web"]]}
HERE = {"Fn::Sub": "oci://${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/charts"}


def repository(value):
    return change(CHART, "Repository", value)


def allowing(*places):
    return lambda body: {**body, "Metadata": {TRUSTED: list(places)}}


def application(**source):
    """An Argo CD Application in place of the CDK's chart."""
    given = {
        "repoURL": f"{REGISTRY.removeprefix('oci://')}/charts",
        "chart": "web",
        "targetRevision": "1.4.2",
        **source,
    }
    told = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": {"name": "web"}}
    return lambda _: template({"Application/web": (APPLICATION, {**told, "spec": {"source": given}})})


def several(_):
    """An Application with a source in Git and one from the Internet."""
    sources = [{"repoURL": "https://git.example.com/x"}, {"repoURL": "https://charts.example.com", "chart": "web",
                                                          "targetRevision": "1.4.2"}]  # fmt: skip
    return template({"Application/web": (APPLICATION, {"spec": {"sources": sources}})})


def flux(kind, group, **spec):
    told = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {"name": "web"}, "spec": spec}
    return lambda _: template({f"{kind}/web": (f"Kubernetes::{group}::{kind}", told)})


def release(**chart):
    return flux("HelmRelease", "helm.toolkit.fluxcd.io", chart={"spec": {"chart": "web", **chart}})


def oci(**ref):
    """A registry of Flux in place of the CDK's chart."""
    return flux("OCIRepository", FLUX, url=f"{REGISTRY}/charts/web", **({"ref": ref} if ref else {}))


CASE = Case(
    charts_trusted,
    GOOD,
    bad={
        **at(
            "Repository",
            {
                "from the Internet": repository("https://charts.example.com"),
                "from a public registry": repository("oci://public.ecr.aws/acme/web"),
                "a name that begins alike": repository(f"{REGISTRY}.example.com/charts"),
                "elsewhere, by a path": repository(f"{REGISTRY}/charts/../../evil"),
                "of the account, but over HTTPS": repository("https://111122223333.dkr.ecr.eu-west-1.amazonaws.com/a"),
                "hidden": hide(CHART, "Repository"),
                "an address that nobody knows": repository({"Fn::Sub": "oci://${Host}/charts"}),
                "not on the list": both(repository(f"{REGISTRY}/other"), allowing(f"{REGISTRY}/charts")),
                "not on the list by a boundary": both(
                    repository(f"{REGISTRY}/charts-evil/web"), allowing(f"{REGISTRY}/charts")
                ),
                "of the account, which is not on the list": both(
                    repository(HERE), allowing("https://charts.example.com")
                ),
                "no repository": drop(CHART, "Repository"),
            },
        ),
        **at(
            "Version",
            {
                "left out": drop(CHART, "Version"),
                "a range": change(CHART, "Version", "^1.4.2"),
                "a wildcard": change(CHART, "Version", "1.4.x"),
                "a minor version": change(CHART, "Version", "1.4"),
                "at least": change(CHART, "Version", ">=1.4.2"),
                "two of them": change(CHART, "Version", "1.4.2 || 1.4.3"),
                "latest": change(CHART, "Version", "latest"),
                "hidden version": hide(CHART, "Version"),
            },
        ),
        **at(
            "spec.source.repoURL",
            {
                "Argo CD from the Internet": application(repoURL="https://charts.example.com"),
                "manifests for Argo CD from a public registry": application(
                    repoURL="oci://public.ecr.aws/acme/web", chart=None, path="."
                ),
                "Argo CD from a public registry": application(repoURL="public.ecr.aws/acme"),
            },
        ),
        "a second source of Argo CD": Bad(several, "spec.sources.1.repoURL"),
        "a range for Argo CD": Bad(application(targetRevision="1.*"), "spec.source.targetRevision"),
        "no version for Argo CD": Bad(application(targetRevision=None), "spec.source.targetRevision"),
        "a repository of Flux": Bad(flux("HelmRepository", FLUX, url="https://charts.example.com"), "spec.url"),
        "a registry of Flux": Bad(
            flux("OCIRepository", FLUX, url="oci://public.ecr.aws/acme/web", ref={"tag": "1.4.2"}), "spec.url"
        ),
        "no version for Flux": Bad(release(), "spec.chart.spec.version"),
        "a range for Flux": Bad(release(version=">=1"), "spec.chart.spec.version"),
        **at(
            "spec.ref",
            {
                "no tag for Flux": oci(),
                "a tag of Flux that moves": oci(tag="latest"),
                "a range of tags for Flux": oci(semver="1.x"),
                "a range that hides a tag": oci(semver=">=1.0.0", tag="1.4.2"),
            },
        ),
        "a digest for Flux that is none": Bad(oci(digest="latest"), "spec.ref"),
        "a kind of source that nobody knows": Bad(
            release(sourceRef={"kind": {"Ref": "Kind"}}), "spec.chart.spec.version"
        ),
        "an address as the chart": Bad(
            both(drop(CHART, "Repository"), change(CHART, "Chart", "https://example.com/web.tgz")), "Chart"
        ),
    },
    edge={
        "Argo CD from a private registry": application(),
        "manifests for Argo CD from a private registry": application(
            repoURL=f"{REGISTRY}/web", chart=None, path=".", targetRevision=f"sha256:{'0a' * 32}"
        ),
        "Argo CD from Git": application(repoURL="https://git.example.com/x", chart=None, targetRevision="main"),
        "a private registry of Flux": flux("HelmRepository", FLUX, url=f"{REGISTRY}/charts", type="oci"),
        "a release of Flux": release(version="1.4.2"),
        "a release of Flux from Git": release(sourceRef={"kind": "GitRepository", "name": "team"}),
        "a release of Flux from a bucket": release(sourceRef={"kind": "Bucket", "name": "team"}, version="*"),
        "a tag of Flux": oci(tag="1.4.2"),
        "a version of Flux": oci(semver="1.4.2", tag="latest"),
        "a digest of Flux": oci(digest=f"sha256:{'0a' * 32}", semver=">=1"),
        "a tag of Flux with its digest": oci(tag=f"latest@sha256:{'0a' * 32}"),
        "a release of Flux by a reference": flux("HelmRelease", "helm.toolkit.fluxcd.io", chartRef={"name": "web"}),
        "of the app's source": both(
            drop(CHART, "Repository"), drop(CHART, "Version"), change(CHART, "ChartAssetURL", "s3://assets/web.zip")
        ),
        "a repository of the app": repository(OWN),
        "a registry of the account": repository(HERE),
        "a registry in China": repository("oci://111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/charts/web"),
        "a registry by its dual-stack name": repository("oci://111122223333.dkr-ecr.eu-west-1.on.aws/charts/web"),
        "a listed place": both(repository("https://charts.example.com"), allowing("https://charts.example.com/")),
        "below a listed place": both(repository(f"{REGISTRY}/charts/web"), allowing(f"{REGISTRY}/charts")),
        "listed with pseudo parameters": both(repository(HERE), allowing(HERE)),
        "an address as the chart, trusted": both(
            drop(CHART, "Repository"), change(CHART, "Chart", f"{REGISTRY}/charts/web")
        ),
        "a release candidate": change(CHART, "Version", "v2.0.0-rc.1+build.5"),
    },
)
