from hardened_eks.controls.kubernetes import charts_trusted
from tests.controls.cases import Bad, Case, at, both, change, drop, hide, template

CHART = "Custom::AWSCDK-EKS-HelmChart"
REGISTRY = "oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com"
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
        "an address as the chart": Bad(
            both(drop(CHART, "Repository"), change(CHART, "Chart", "https://example.com/web.tgz")), "Chart"
        ),
    },
    edge={
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
