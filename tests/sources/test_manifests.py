"""Kubernetes manifests are evidence: files of them, and the text that the CDK's custom resources carry."""

import json
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.errors import UnusableInputError
from hardened_eks.evidence import Subject
from hardened_eks.sources import from_bodies, from_text, load

STREAM = """\
# two objects and an empty document
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
        - name: web
          image: example.com/web:1
"""
POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"hostNetwork": True}}


def loaded(tmp_path: Path, text: str, name: str = "m.yaml") -> Any:
    file = tmp_path / name
    file.write_text(text)
    return load([file])


def test_each_object_of_a_stream_is_a_resource_with_lines(tmp_path: Path) -> None:
    found = loaded(tmp_path, STREAM)
    (template,) = found.assembly.templates
    assert {key: one.type for key, one in template.resources.items()} == {
        "Namespace/shop": "Kubernetes::core::Namespace",
        "Deployment/shop/web": "Kubernetes::apps::Deployment",
    }
    web = template.resources["Deployment/shop/web"]
    assert web.get("spec.template.spec.containers.0.image") == "example.com/web:1"
    assert (web.line(), web.line("spec.template.spec.containers.0.image")) == (8, 16)
    assert Subject.of_resource(web).line("spec.template.spec") == 13
    assert found.notes == ()


IN_A_TEMPLATE = """\
Resources:
  Namespaces:
    Type: Custom::AWSCDK-EKS-KubernetesResource
    Properties:
      ClusterName: payments
      Manifest: {}
"""


@pytest.mark.parametrize(
    "written",
    [
        """|
        [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
        ]""",
        """|
        {
          "apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}
        }""",
        """'[
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}]'""",
    ],
)
def test_a_template_with_a_manifest_in_it_is_a_template(tmp_path: Path, written: str) -> None:
    """In a block of several lines, one may begin like a manifest in JSON."""
    text = IN_A_TEMPLATE.format(written)
    for found in (loaded(tmp_path, text), from_text("Shop", text.encode())):
        (template,) = found.assembly.templates
        assert [one.type for one in template.resources.values()] == [
            "Custom::AWSCDK-EKS-KubernetesResource", "Kubernetes::core::Namespace",
        ]  # fmt: skip
        assert found.notes == ()


@pytest.mark.parametrize("before", ["", "  ", "\n---\n  ", "--- "])
@pytest.mark.parametrize("written", ["{}", "[{}]", "[\n  {}\n]"])
def test_an_object_in_the_style_of_json_is_a_manifest(tmp_path: Path, before: str, written: str) -> None:
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: p}}"
    (template,) = loaded(tmp_path, before + written.format(pod)).assembly.templates
    assert [one.type for one in template.resources.values()] == ["Kubernetes::core::Pod"]


PODS = {
    "apiVersion": "v1",
    "kind": "PodList",
    "items": [{k: v for k, v in POD.items() if k not in {"apiVersion", "kind"}}],
}
"""As the API answers."""


@pytest.mark.parametrize("wrapped", [POD, [POD], {"apiVersion": "v1", "kind": "List", "items": [POD]}, PODS], ids=str)
def test_lists_are_their_items_in_json_too(tmp_path: Path, wrapped: Any) -> None:
    (template,) = loaded(tmp_path, json.dumps(wrapped, indent=1), "m.json").assembly.templates
    (pod,) = template.resources.values()
    assert (pod.logical_id, pod.type, pod.get("spec.hostNetwork")) == ("Pod/p", "Kubernetes::core::Pod", True)
    assert '"hostNetwork"' in json.dumps(wrapped, indent=1).splitlines()[pod.line("spec.hostNetwork") - 1]


def test_empty_entries_of_a_list_are_nothing(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Node}, null, {}, [], {kind: List, apiVersion: v1, items: []}]\n"
    (template,) = loaded(tmp_path, text).assembly.templates
    assert list(template.resources) == ["Node"]


def test_two_objects_of_one_name_are_both_kept(tmp_path: Path) -> None:
    stream = "---\n".join([json.dumps(POD) + "\n"] * 2)
    (template,) = loaded(tmp_path, stream).assembly.templates
    assert list(template.resources) == ["Pod/p", "Pod/p#2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apiVersion: v1\nkind: Pod\n---\nname: x\n", "m.yaml:4: not a Kubernetes object: it has no apiVersion and kind (keys: name)"),
        (
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Node}\n- {kind: Pod}\n- x\n",
            "m.yaml:5: not a Kubernetes object: it has no apiVersion and kind (keys: kind)",
        ),
        ("- {apiVersion: v1, kind: Node}\n-\n  - x\n", "m.yaml:3: not a Kubernetes object: it has no apiVersion and kind"),
        ("apiVersion: v1\nkind: PodList\nitems: [{}, x]\n", "m.yaml:3: not a Kubernetes object"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.name }}}\n", "m.yaml:3: it has template placeholders"),
        ("apiVersion: v1\nkind: Pod\nkind: Node\n", "kind"),
        ("apiVersion: v1\nkind: [Pod\n", "not valid YAML"),
    ],
)  # fmt: skip
def test_what_is_no_object_is_refused_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        loaded(tmp_path, text)
    assert expected in str(caught.value)


ALERTS = """\
apiVersion: v1
kind: %s
metadata: {name: alerts}
%s:
  slack.tmpl: |
    title: {{ template "slack.title" . }}
"""


@pytest.mark.parametrize(
    "text",
    [
        f"# replicas: {{{{ .Values.replicas }}}}\n{STREAM}",
        ALERTS % ("ConfigMap", "data"),
        ALERTS % ("Secret", "stringData"),
        "apiVersion: v1\nkind: List\nitems:\n" + "".join(
            f"  {line}\n" for line in f"- {(ALERTS % ('ConfigMap', 'data')).rstrip()}".replace("\n", "\n  ").split("\n")
        ),
    ],
)  # fmt: skip
def test_placeholders_in_comments_and_files_hide_no_manifest(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, text).assembly.templates[0].resources
    folder = load([tmp_path])
    assert folder.assembly.templates[0].resources
    assert folder.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        ALERTS % ("PrometheusRule", "data"),
        ALERTS % ("ConfigMap", "more"),
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "{{ .Release.Name }}"}\n',
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {labels: {"{{ .Values.label }}": x}}\n',
        'apiVersion: v1\nkind: [x]\nspec: ["{{ .Values.x }}"]\n',
        f"{STREAM}---\nkind: ConfigMap\ndata: {{}}\nspec: '{{{{ .Values.x }}}}'\n",
    ],
)
def test_helm_templates_that_are_valid_yaml_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnusableInputError, match="it has template placeholders"):
        loaded(tmp_path, text)


def test_a_kustomization_is_named_as_not_built(tmp_path: Path) -> None:
    text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n---\n" + STREAM
    found = loaded(tmp_path, text)
    assert len(found.assembly.templates[0].resources) == 2
    assert found.notes == (f"{tmp_path}/m.yaml: a Kustomization is not built; check the output of `kubectl kustomize`",)


def test_a_template_that_mentions_objects_stays_a_template(tmp_path: Path) -> None:
    body = {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "apiVersion: kind:"}}}}
    (template,) = loaded(tmp_path, json.dumps(body), "t.json").assembly.templates
    assert template.resources["T"].type == "AWS::SNS::Topic"


def test_a_template_is_read_as_one_whatever_it_writes_out(tmp_path: Path) -> None:
    """A key that stands twice in its metadata is a note, beside a manifest as well."""
    manifest = json.dumps(
        {"Type": "Custom::AWSCDK-EKS-KubernetesResource", "Properties": {"Manifest": json.dumps([POD])}}
    )
    text = f'{{"Metadata": {{"a": 1, "a": 2}}, "Resources": {{"M": {manifest}}}}}'
    found = loaded(tmp_path, text, "t.json")
    assert [one.id for one in found.assembly.of("Kubernetes::core::Pod")] == [f"{tmp_path}/t.json/M/Pod/p"]
    assert len(found.notes) == 1 and "duplicate key 'a'" in found.notes[0]


def test_a_key_that_stands_twice_in_an_object_is_refused_in_json_too(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError, match="kind"):
        loaded(tmp_path, '{"apiVersion": "v1", "kind": "Pod", "kind": "Node"}', "m.json")


class TestInTemplates:
    def test_objects_that_the_cdk_applies_are_evidence_at_their_resource(self) -> None:
        role = {"Fn::GetAtt": ["Role", "Arn"]}
        text = {"Fn::Join": ["", ['[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","uid":"', role, '"}}]']]}
        manifest = {"Type": "Custom::AWSCDK-EKS-KubernetesResource", "Properties": {"Manifest": text}}
        manifest["Metadata"] = {"aws:cdk:path": "App/Settings/Resource"}
        found = from_bodies({"T": {"Resources": {"Role": {"Type": "AWS::IAM::Role"}, "M": manifest}}})
        (pod,) = found.assembly.of("Kubernetes::core::Pod")
        assert (pod.id, pod.construct_path) == ("T/M/Pod/p", "App/Settings/Resource")
        assert pod.get("metadata.uid") == "${Role.Arn}"
        assert found.notes == ()

    def test_objects_among_the_values_of_a_chart_are_evidence(self) -> None:
        values = json.dumps({"extra": {"objects": [POD]}, "image": {"kind": "x"}})
        chart = {"Type": "Custom::AWSCDK-EKS-HelmChart", "Properties": {"Values": values}}
        found = from_bodies({"T": {"Resources": {"C": chart}}})
        assert [one.id for one in found.assembly.of("Kubernetes::core::Pod")] == ["T/C/Pod/p"]
        assert found.notes == (
            "T/C (Custom::AWSCDK-EKS-HelmChart): the objects that the Helm chart installs are not evaluated",
        )

    @pytest.mark.parametrize("text", ["[{", {"Ref": "Manifest"}, '"x"', "[1]", None])
    def test_a_text_that_is_not_known_is_named(self, text: Any) -> None:
        manifest = {"Type": "Custom::AWSCDK-EKS-KubernetesResource", "Properties": {"Manifest": text}}
        found = from_bodies({"T": {"Resources": {"M": manifest}}})
        assert list(found.assembly.templates[0].resources) == ["M"]
        assert "the Kubernetes manifest is not evaluated: its content is not known" in found.notes[0]

    def test_a_finding_stands_on_the_line_of_the_text(self, tmp_path: Path) -> None:
        manifest = {"Manifest": json.dumps([POD]), "ClusterName": "c"}
        body = {"Resources": {"M": {"Type": "Custom::AWSCDK-EKS-KubernetesResource", "Properties": manifest}}}
        text = json.dumps(body, indent=1)
        (template,) = loaded(tmp_path, text, "t.json").assembly.templates
        line = Subject.of_resource(template.resources["M/Pod/p"]).line("spec.hostNetwork")
        assert '"Manifest"' in text.splitlines()[line - 1]
