"""A folder of a repository: its templates and manifests at any depth, and every other file by its name."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from hardened_eks.errors import UnusableInputError
from hardened_eks.sources import load

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"hostNetwork": True}}
TEMPLATE = {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}
PATCHED = "apiVersion: v1\nkind: Pod\nmetadata: {name: patched}\n"


def tree(root: Path, **files: Any) -> Path:
    """Write files; ``__`` in a name is a folder, ``_dot_`` a dot."""
    for name, body in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body if isinstance(body, str) else json.dumps(body))
    return root


def ids(folder: Path, *more: Path, partial: bool = False) -> list[str]:
    assembly = load([folder, *more], partial=partial).assembly
    found = [resource.id for template in assembly.templates for resource in template.resources.values()]
    return sorted(one.replace(f"{folder}/", "") for one in found)


def notes(folder: Path) -> list[str]:
    return [note.replace(str(folder), "DIR") for note in load([folder]).notes]


def test_templates_and_manifests_are_read_at_any_depth(tmp_path: Path) -> None:
    tree(
        tmp_path,
        a_dot_yaml=f"{PATCHED}---\napiVersion: v1\nkind: Pod\nmetadata: {{name: second}}\n",
        deep__er__b_dot_yml="kind: Pod\napiVersion: v1\nmetadata: {name: b}\n",
        deep__c_dot_json={"apiVersion": "v1", "kind": "List", "items": [POD]},
        deep__d_dot_YAML=json.dumps(POD),
        _dot_gitops__e_dot_yaml=PATCHED,
        stacks__t_dot_json=TEMPLATE,
        stacks__u_dot_template=TEMPLATE,
        stacks__v_dot_yaml="AWSTemplateFormatVersion: 2010-09-09\nResources:\n  T:\n    Type: AWS::SNS::Topic\n",
    )
    assert ids(tmp_path) == [
        ".gitops/e.yaml/Pod/patched", "a.yaml/Pod/patched", "a.yaml/Pod/second", "deep/c.json/Pod/p", "deep/d.YAML/Pod/p",
        "deep/er/b.yml/Pod/b", "stacks/t.json/T", "stacks/u.template/T", "stacks/v.yaml/T",
    ]  # fmt: skip
    assert notes(tmp_path) == []


def test_every_other_file_is_named_as_not_examined(tmp_path: Path) -> None:
    tree(
        tmp_path,
        README_dot_md="apiVersion: v1",
        chart__Chart_dot_yaml="apiVersion: v2\nname: web\n",
        chart__values_dot_yaml="image: web\nResources: none\n",
        chart__templates__web_dot_yaml="apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.name }}}\n",
        chart__templates___helpers_dot_tpl='{{- define "x" }}',
        package_dot_json={"name": "x", "Resources": []},
        pod_dot_yaml=PATCHED,
        _dot_git__x_dot_yaml=PATCHED,
        lib__node_modules__y_dot_json=POD,
        venv__pyvenv_dot_cfg="",
        venv__z_dot_yaml=PATCHED,
    )
    (tmp_path / "link").symlink_to(tmp_path / "chart")
    assert ids(tmp_path) == ["pod.yaml/Pod/patched"]
    assert notes(tmp_path) == [
        "DIR: not examined, Helm templates; check the output of `helm template`: chart/templates/web.yaml",
        "DIR: not examined, folders of tools: .git, venv, lib/node_modules",
        "DIR: not examined, links to folders: link",
        "DIR: not examined, neither templates nor manifests: README.md, package.json, chart/Chart.yaml, "
        "chart/values.yaml, chart/templates/_helpers.tpl",
    ]


def test_many_names_are_counted(tmp_path: Path) -> None:
    tree(tmp_path, pod_dot_yaml=PATCHED, **{f"f{number:02}": "" for number in range(53)})
    (note,) = notes(tmp_path)
    assert note.endswith("f48, f49 and 3 more")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apiVersion: v1\nkind: [Pod\n", "not valid YAML"),
        ("apiVersion: v1\nkind: Pod\n---\nname: x\n", "4: not a Kubernetes object"),
        ("apiVersion: v1\nkind: Pod\nkind: Node\n", "kind"),
        ('{"apiVersion": "v1",', "bad.yaml"),
        ("Resources: {A: 1}\n", "resource 'A' is a number"),
    ],
)
def test_what_may_be_a_manifest_or_template_and_cannot_be_read_is_a_mistake(
    tmp_path: Path, text: str, expected: str
) -> None:
    tree(tmp_path, bad_dot_yaml=text, pod_dot_yaml=PATCHED)
    with pytest.raises(UnusableInputError, match="bad") as caught:
        load([tmp_path])
    assert expected in str(caught.value)
    assert ids(tmp_path, partial=True) == ["pod.yaml/Pod/patched"]


def test_a_cloud_assembly_within_is_read_as_one(tmp_path: Path) -> None:
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "S.template.json"}}
    tree(
        tmp_path,
        app__cdk_dot_out__manifest_dot_json={"version": "48", "artifacts": {"S": stack}},
        app__cdk_dot_out__S_dot_template_dot_json=TEMPLATE,
        app__cdk_dot_out__asset__x_dot_yaml=PATCHED,
        k8s__pod_dot_yaml=PATCHED,
    )
    assert ids(tmp_path) == ["S/T", "k8s/pod.yaml/Pod/patched"]


@pytest.mark.parametrize(
    "body", [POD, {"name": "a web app", "icons": []}, {"manifest_version": 3, "version": "1.0"}], ids=str
)
def test_another_manifest_json_makes_no_cloud_assembly(tmp_path: Path, body: Any) -> None:
    tree(tmp_path, manifest_dot_json=body, sub__manifest_dot_json=body, sub__pod_dot_yaml=PATCHED)
    assert "sub/pod.yaml/Pod/patched" in ids(tmp_path)
    assert ("manifest.json/Pod/p" in ids(tmp_path)) == (body is POD)


def test_patches_of_a_kustomization_are_parts_of_objects(tmp_path: Path) -> None:
    build = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["web.yaml", "both.yaml"],
        "patches": [{"path": "patch.yaml"}, {"path": "both.yaml"}, {"patch": "x"}, {"path": "../base/up.yaml"}],
        "patchesStrategicMerge": ["old.yaml", "apiVersion: v1\nkind: Pod\n"],
    }
    tree(
        tmp_path,
        prod__kustomization_dot_yaml=build,
        prod__web_dot_yaml=PATCHED,
        prod__both_dot_yaml=PATCHED,
        prod__patch_dot_yaml=PATCHED,
        prod__old_dot_yaml=PATCHED,
        base__up_dot_yaml=PATCHED,
    )
    assert ids(tmp_path) == ["prod/both.yaml/Pod/patched", "prod/web.yaml/Pod/patched"]
    assert notes(tmp_path) == [
        "DIR: not examined, patches of a Kustomization; check the output of `kubectl kustomize`: base/up.yaml, "
        "prod/old.yaml, prod/patch.yaml",
        "DIR/prod/kustomization.yaml: a Kustomization is not built; check the output of `kubectl kustomize`",
    ]


def test_a_folder_that_cannot_be_listed_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, pod_dot_yaml=PATCHED, closed__pod_dot_yaml=PATCHED)
    listing = os.scandir

    def refusing(path: Any) -> Any:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    def refusing_content(path: Any, *arguments: Any, **options: Any) -> Any:
        if Path(path).parent.name == "closed":
            raise PermissionError(13, "Permission denied", str(path))
        return status(path, *arguments, **options)

    status = os.stat
    monkeypatch.setattr(os, "scandir", refusing)
    monkeypatch.setattr(os, "stat", refusing_content)
    assert ids(tmp_path, partial=True) == ["pod.yaml/Pod/patched"]
    with pytest.raises(UnusableInputError, match="/closed: cannot be read: Permission denied"):
        load([tmp_path])


def test_a_folder_without_any_is_a_mistake(tmp_path: Path) -> None:
    tree(tmp_path, README_dot_md="x")
    with pytest.raises(
        UnusableInputError, match=r"not a cdk.out directory \(run `cdk synth`\), and no file in it is a"
    ):
        load([tmp_path])


def test_braces_in_the_text_of_an_object_are_no_template(tmp_path: Path) -> None:
    """As in an alarm of Prometheus or a workflow of Argo."""
    rules = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rules}\ndata:\n  a: "{{ $labels.pod }} is down"\n'
    assert ids(tree(tmp_path, rules_dot_yaml=rules)) == ["rules.yaml/ConfigMap/rules"]
