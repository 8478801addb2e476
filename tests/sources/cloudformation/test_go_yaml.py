"""Manifests are read as kubectl reads them, so that no spelling of a value hides it."""

from typing import Any

import pytest

from hardened_eks.controls.kubernetes import no_privilege_escalation, not_as_root
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.sources.cloudformation.cfn_yaml import parse_documents, parse_yaml
from hardened_eks.sources.cloudformation.go_yaml import plain
from hardened_eks.sources.manifests import as_template
from hardened_eks.evidence import Assembly
from hardened_eks.errors import UnusableInputError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("y", True), ("Y", True), ("n", False), ("N", False), ("on", True), ("OFF", False), ("yEs", "yEs"), ("yy", "yy"), ("", ""),
        ("0x0", 0), ("0X1f", 31), ("0o17", 15), ("017", 15), ("0b11", 3), ("-0b11", -3), ("1_000", 1000), ("0_0", 0),
        ("08", 8), ("+5", 5), ("-0", 0), ("0", 0), ("1e3", 1000), (".5", 0.5), ("1.36", 1.36), ("0.0", 0),
        ("1.2.3", "1.2.3"), ("2026-01-02", "2026-01-02"), ("-", "-"), (".", "."), ("0x", "0x"), ("1:30", "1:30"),
    ],
)  # fmt: skip
def test_a_plain_value(text: str, value: Any) -> None:
    found = plain(text)
    assert (found, type(found)) == (value, type(value))


def test_only_manifests_and_only_plain_values() -> None:
    text = "{a: y, b: 'y', c: 0x10, d: \"0x10\"}"
    assert parse_documents(text, "m.yaml")[0][0] == {"a": True, "b": "y", "c": 16, "d": "0x10"}
    assert parse_documents("{a: on, b: 'on', c: !!bool 'off', d: !!str x}", "m.yaml")[0][0] == {
        "a": True, "b": "on", "c": False, "d": "x",
    }  # fmt: skip
    assert parse_yaml(text, "t.yaml") == {"a": "y", "b": "y", "c": "0x10", "d": "0x10"}


POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  containers:
    - name: c
      image: example.com/c:1
      securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, %s}
"""


@pytest.mark.parametrize(
    ("judge", "written"),
    [(no_privilege_escalation, "privileged: y"), (not_as_root, "runAsUser: 0x0"), (not_as_root, "runAsUser: 0o0"),
     (no_privilege_escalation, "privileged: !!bool y"), (no_privilege_escalation, 'privileged: !!bool "Y"'),
     (no_privilege_escalation, "privileged: !!bool 'on'"), (not_as_root, 'runAsUser: !!int "0x0"'),
     (not_as_root, "runAsUser: !!float '0'")],
)  # fmt: skip
def test_a_spelling_hides_nothing(judge: Any, written: str) -> None:
    template, _ = as_template(parse_documents(POD % written, "m.yaml"), "m.yaml", "m")
    assert evaluate(Assembly([template]), [judge]).findings


def test_a_merge_after_a_key_that_it_has_is_refused() -> None:
    with pytest.raises(UnusableInputError, match="the merge .<<. has the key 'privileged'.*write << first"):
        parse_documents("x: {privileged: false, <<: {privileged: true}}", "m.yaml")
    for text in ("x: {<<: {privileged: true}, privileged: false}", "x: {a: 1, <<: {a: 1, b: 2}}"):
        parse_documents(text, "m.yaml")
