"""`hardened-eks audit` of the reference stacks: the verdicts of the templates, and what is changed past them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from hardened_eks.cli import group
from hardened_eks.controls import CATALOGUE
from hardened_eks.controls.account import ACCOUNT as SETTING_CONTROLS
from hardened_eks.data.account_settings import ONLY_IN_ACCOUNTS
from hardened_eks.judging.drift import drift
from hardened_eks.sources import load
from hardened_eks.sources.account.asking import Clients
from hardened_eks.sources.account.calls import ALLOWED, READS, actions
from hardened_eks.sources.account.rare import HANDLERS
from hardened_eks.sources.account.reading import read
from hardened_eks.sources.account.saving import environment as environment_of
from tests.emulator.auditing import audited, clients, judged, seen, verdicts
from tests.emulator.changes import CHANGES, Change, Made
from tests.emulator.commands import run_all
from tests.emulator.conftest import Account
from tests.emulator.resources import schemas
from tests.emulator.service import ACCOUNT, REGION, environment
from tests.emulator.setting_changes import SETTING_CHANGES
from tests.stacks.conftest import VARIANTS, synthesize

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("emulator")]
STACKS = tuple(f"HardenedEks-{name}" for name in ("Foundation", "Cluster", "Registry", "Detection"))
GOVERNANCE = "EksGovernance"
READING = ("BatchGet", "Describe", "Get", "List")
COMPUTE = ("isolated", "nat", "self-managed", "karpenter", "auto-mode", "fargate")

_INSIDE = "Kubernetes objects are in the cluster, not in the account"
EXCEPTIONS: Mapping[str, str] = {
    "FN-08": "a schedule and a rule about findings start the machines of a detection: nothing of a cluster refers to them",
    **{f"KB-{number}": _INSIDE for number in range(21, 30)},
}
"""Control -> why it examines nothing in the account that it examines in the templates. No verdict may differ otherwise."""
ONLY_LIVE = frozenset(one.id for one in SETTING_CONTROLS if one.types[0] in ONLY_IN_ACCOUNTS)
"""Controls on settings that no template has: they examine nothing there, and always something in the account."""


def deploy(account: Account, directory: Path, stacks: tuple[str, ...]) -> None:
    account.reset()
    for name in stacks:
        account.deploy(name, json.loads((directory / f"{name}.template.json").read_text()))


@pytest.fixture(scope="module")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("governed")
    synthesize(directory, "isolated", **{"hardened-eks:governance": "account"})
    return directory


@pytest.fixture(scope="module")
def account_of(emulator: str) -> Account:
    return Account(emulator)


@pytest.mark.parametrize("compute", COMPUTE)
def test_the_verdicts_are_those_of_the_templates(
    account_of: Account, governed: Path, tmp_path: Path, compute: str
) -> None:
    """Describe calls alone: nothing here is served by Cloud Control."""
    directory, stacks = (governed, (*STACKS, GOVERNANCE)) if compute == "isolated" else (tmp_path, STACKS)
    if compute != "isolated":
        synthesize(directory, compute)
    deploy(account_of, directory, stacks)
    written = load([directory / f"{name}.template.json" for name in stacks]).assembly
    written.complete = frozenset("*")
    live = audited(account_of.url)
    assert live.not_seen == ()
    assert not {
        one.type for one in live.load().assembly.of(*HANDLERS)
    }  # they are counted in tests/sources/account/test_rare.py
    for resource in live.load().assembly.of("*"):
        told = [] if resource.type in ONLY_IN_ACCOUNTS else _structure(resource.type, resource.body["Properties"])
        assert told == [], resource.type
    before, after = verdicts(judged(written)), verdicts(judged(live.load().assembly))
    assert [(one.resource, one.path, one.written, one.live) for one in drift(written, live.load().assembly)] == []
    any_source = {control.id for control in CATALOGUE if control.evidence == "any"}
    differing = {id: (before[id], after[id]) for id in any_source if before[id] != after[id]}
    assert {id: pair for id, pair in differing.items() if id not in {*EXCEPTIONS, *ONLY_LIVE}} == {}
    assert all(after[id] == "nothing" for id in differing if id not in ONLY_LIVE)
    assert {id: (before[id], after[id]) for id in ONLY_LIVE} == {
        id: ("nothing", "pass" if id == "AC-05" else "fail")
        for id in ONLY_LIVE  # a new account has no serial console
    }
    assert sum(after[id] in {"pass", "fail"} for id in any_source) > 150


def _structure(type_: str, properties: dict[str, Any]) -> list[str]:
    """Return what the provider schema does not know; lengths and patterns of ids are the emulator's."""
    try:
        schemas.validate(type_, properties)
    except schemas.InvalidPropertiesError as error:
        return [one for one in str(error).split("; ") if "extraneous" in one or "expected type" in one]
    return []


def test_the_exceptions_are_frozen() -> None:
    """Make the list shorter; nothing else."""
    assert sorted(EXCEPTIONS) == ["FN-08", *(f"KB-{number}" for number in range(21, 30))]
    assert set(EXCEPTIONS) <= {control.id for control in CATALOGUE if control.evidence == "any"}


def test_every_kind_of_compute_is_compared() -> None:
    assert set(COMPUTE) == set(VARIANTS) - {"placed"}


@pytest.fixture(scope="module")
def deployed(account_of: Account, governed: Path) -> Account:
    """The reference stacks, in an account whose owner ran the commands of the how-to."""
    deploy(account_of, governed, (*STACKS, GOVERNANCE))
    assert len(run_all(account_of)) == 11
    return account_of


@pytest.fixture
def asking(deployed: Account, monkeypatch: pytest.MonkeyPatch) -> Account:
    for name, value in environment(deployed.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    return deployed


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(group, [str(a) for a in arguments], catch_exceptions=False)
    assert result.exit_code in {0, 1, 2, 3}
    return result


def test_no_other_call_is_made(deployed: Account) -> None:
    """What goes over the wire, as botocore tells it, is in the table from which the policy is created."""
    sent: set[str] = set()

    def make(service: str, region: str) -> Any:
        client = boto3.client(
            service, endpoint_url=deployed.url, region_name=region, aws_access_key_id="t", aws_secret_access_key="t"
        )
        client.meta.events.register("before-call", lambda model, **_: sent.add(f"{service}:{model.name}"))
        return client

    made = read(Clients(make), ACCOUNT, REGION).made
    assert sent == made
    assert sent <= READS <= ALLOWED
    assert all(call.split(":")[1].startswith(READING) for call in sent)
    assert len(sent) > 80


def test_the_policy_has_reads_alone() -> None:
    assert all(one.split(":")[1].startswith(READING) for one in actions(all_regions=True))
    assert "ec2:DescribeRegions" in actions(all_regions=True)
    assert "ec2:DescribeRegions" not in actions()


def test_what_is_saved_is_judged_the_same(asking: Account, tmp_path: Path) -> None:
    file = tmp_path / "live.json"
    first = run("audit", "--save", file, "--format", "json", "--today", "2026-11-29")
    second = run("check", file, "--format", "json", "--today", "2026-11-29")
    one, other = json.loads(first.stdout), json.loads(second.stdout)
    assert (one.pop("inputs"), other.pop("inputs")) == ([f"aws://{ACCOUNT}/{REGION}"], [str(file)])
    assert one == other
    assert first.exit_code == second.exit_code == 1
    assert one["counts"]["resourcesExamined"] > 150
    found = {entry["control"]: entry for entry in one["findings"]}
    assert found["DT-05"]["subject"] == f"account:{REGION}"
    nothing_new = run("audit", "--since", file, "--format", "json", "--today", "2026-11-29")
    assert json.loads(nothing_new.stdout)["changes"] == {
        "with": str(file),
        "new": [],
        "fixed": [],
        "drift": [],
        "inNoStack": [],
    }


def test_nothing_differs_from_the_templates(asking: Account, governed: Path) -> None:
    result = run("audit", "--against", governed, "--today", "2026-11-29")
    assert (result.exit_code, "passed: 0 findings" in result.stdout) == (0, True), result.stdout
    assert "IN NO STACK AWS::EC2::SecurityGroup" in result.stdout  # what EC2 and EKS make themselves


def test_an_account_where_the_commands_were_run_passes(deployed: Account) -> None:
    after = verdicts(judged(audited(deployed.url).load().assembly))
    assert {one.id: after[one.id] for one in SETTING_CONTROLS} == {one.id: "pass" for one in SETTING_CONTROLS}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--cluster", "nobody"), f"no cluster 'nobody' was found in {REGION}"),
        (("--region", "mars-north-1"), "'mars-north-1' is not a Region of this partition"),
        (("--profile", "nobody"), "the AWS configuration has no profile 'nobody'"),
        (("--role-arn", "admin"), "expected the ARN of a role"),
        (("--region", REGION, "--all-regions"), "cannot be combined with --region"),
    ],
)
def test_what_cannot_be_asked_is_one_line(asking: Account, arguments: tuple[str, ...], words: str) -> None:
    result = run("audit", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_another_region_has_no_cluster(asking: Account) -> None:
    result = run("audit", "--region", "eu-west-1")
    assert result.exit_code == 0
    assert "There is no cluster in these Regions." in result.stdout
    assert "examined 0 resources" in result.stdout
    assert run("audit", "--region", "eu-west-1", "--require-eks").exit_code == 1


class Changed(NamedTuple):
    told: Mapping[str, str]
    """Change -> a text that is in the ARN or the name of what is changed."""
    findings: list[dict[str, Any]]
    drift: list[dict[str, Any]]


@pytest.fixture(scope="module")
def changed(deployed: Account, governed: Path) -> Iterator[Changed]:
    """Every change is made; then the account is audited once against its templates."""
    made = Made(deployed, (*STACKS, GOVERNANCE))
    told = {change.name: change.make(deployed, made) for change in (*CHANGES, *SETTING_CHANGES)}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(deployed.url).items():
            patch.setenv(name, value)
        result = run("audit", "--against", governed, "--format", "json")
    report = json.loads(result.stdout)
    yield Changed(told, report["findings"], report["changes"]["drift"])


@pytest.mark.parametrize("change", (*CHANGES, *SETTING_CHANGES), ids=lambda change: change.name)
def test_a_change_by_hand_is_found(changed: Changed, change: Change) -> None:
    what = changed.told[change.name]
    assert what
    named = [one for one in changed.findings if any(what in one[key] for key in ("arn", "subject", "message"))]
    assert set(change.controls) <= {one["control"] for one in named if one["state"] == "fail"}


@pytest.mark.parametrize("change", [one for one in CHANGES if one.differs is not None], ids=lambda change: change.name)
def test_a_change_by_hand_is_named(changed: Changed, change: Change) -> None:
    """Which property of which resource is not what the template says."""
    what = changed.told[change.name]
    same = [one for one in changed.drift if one["property"] == change.differs]
    about = [one for one in same if any(what in one[key] for key in ("arn", "subject", "type"))]
    assert about if change.differs and "Policy" not in change.differs else same


def test_nothing_else_is_named(changed: Changed) -> None:
    """Each property that differs is one of a change, or beside it in the same policy or template."""
    expected = {one.differs.split(".")[0] for one in CHANGES if one.differs is not None}
    beside = {"Rules", "SettingValue", "State"}  # of the scans, and of settings of the account
    assert {one["property"].split(".")[0] for one in changed.drift} == {*expected, *beside}
    assert sum(one.differs is not None for one in CHANGES) == 31


def test_each_setting_is_changed_back() -> None:
    assert [control for change in SETTING_CHANGES for control in change.controls] == [
        one.id for one in SETTING_CONTROLS
    ]


def test_a_finding_names_the_resource_and_its_construct(
    changed: Changed,
) -> None:
    findings = changed.findings
    key = next(one for one in findings if one["control"] == "KY-01")
    assert key["arn"].startswith(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/")
    assert (key["stack"], key["file"]) == ("HardenedEks-Foundation", f"aws://{ACCOUNT}/{REGION}")
    assert key["logicalId"].startswith("Keys")
    assert key["constructPath"].startswith("HardenedEks-Foundation/Keys/")
    rogue = next(one for one in findings if one["arn"].endswith("role/rogue"))
    assert (rogue["stack"], rogue["logicalId"]) == (f"{ACCOUNT}:{REGION}", "Role:rogue")


def test_two_audits_see_the_same(deployed: Account) -> None:
    one, other = (seen(deployed.url, workers=workers) for workers in (8, 1))
    assert [found.id for found in one.found] == [found.id for found in other.found]
    assert one.made == other.made


class Recorded:
    """Answers of the emulator, kept and played again: an audit of the same account with one call denied in turn."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._answers: dict[tuple[str, str, str], Any] = {}

    @property
    def calls(self) -> set[tuple[str, str]]:
        return {(service, method) for service, method, _ in self._answers}

    def recording(self) -> Clients:
        return Clients(
            lambda service, region: _Recorder(clients(self._url).get(service, region), service, self._answers)
        )

    def playing(self, denied: tuple[str, str]) -> Clients:
        return Clients(lambda service, region: _Player(service, self._answers, denied))


@dataclass
class _Recorder:
    client: Any
    service: str
    answers: dict[tuple[str, str, str], Any]

    def __getattr__(self, method: str) -> Any:
        def call(**arguments: Any) -> Any:
            key = (self.service, method, json.dumps(arguments, sort_keys=True))
            try:
                self.answers[key] = getattr(self.client, method)(**arguments)
            except ClientError as error:
                self.answers[key] = error
                raise
            return self.answers[key]

        return call


@dataclass
class _Player:
    service: str
    answers: dict[tuple[str, str, str], Any]
    denied: tuple[str, str]

    def __getattr__(self, method: str) -> Any:
        def call(**arguments: Any) -> Any:
            if (self.service, method) == self.denied:
                raise ClientError({"Error": {"Code": "AccessDenied"}}, method)
            answer = self.answers[self.service, method, json.dumps(arguments, sort_keys=True)]
            if isinstance(answer, ClientError):
                raise answer
            return copy.deepcopy(answer)

        return call


UNREACHED: Mapping[tuple[str, str], set[str]] = {
    ("eks", "describe_access_entry"): {"IA-07"}, ("eks", "list_access_entries"): {"IA-07"},
    ("eks", "describe_nodegroup"): {"IA-05"}, ("eks", "list_nodegroups"): {"IA-05"},
    ("events", "list_targets_by_rule"): {"DT-03"}, ("sqs", "get_queue_attributes"): {"DT-03"},
    ("sqs", "get_queue_url"): {"DT-03"}, ("route53resolver", "get_resolver_query_log_config"): {"LG-01"},
    ("route53resolver", "list_resolver_query_log_config_associations"): {"LG-01"},
}  # fmt: skip
"""What fails is a resource that only the denied answer leads to; what was seen passes, the account is partial."""
FAILS_CLOSED = {"CP-14", "CP-21", "DT-02", "IA-19", "LG-03", "LG-07", "ST-08"}
"""Controls that fail closed: they name a property that is written, and explain why that is not enough."""


def test_a_denied_call_makes_no_pass(changed: Changed, deployed: Account) -> None:
    record = Recorded(deployed.url)
    before = verdicts(judged(environment_of(read(record.recording(), ACCOUNT, REGION)).load().assembly))
    assert len(record.calls) > 100
    for denied in sorted(record.calls):
        partial = read(record.playing(denied), ACCOUNT, REGION)
        if not partial.found:
            continue  # neither is the cluster seen
        after = verdicts(judged(environment_of(partial).load().assembly))
        passes = {id for id in after if after[id] == "pass" and before[id] != "pass"}
        fails = {id for id in after if after[id] == "fail" and before[id] != "fail"}
        assert partial.refusals, denied
        assert passes <= UNREACHED.get(denied, set()), (denied, passes)
        assert fails <= FAILS_CLOSED, (denied, fails)
