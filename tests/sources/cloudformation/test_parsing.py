"""Text to data, and every mistake with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardened_eks.sources import UnusableInputError
from hardened_eks.sources.cloudformation.parsing import LazyMapping, decode, key_lines, parse


def problems(text: str | bytes, path: str) -> list[str]:
    with pytest.raises(UnusableInputError) as caught:
        parse(decode(text, path) if isinstance(text, bytes) else text, path)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!GetAtt [A, !Ref B]", {"Fn::GetAtt": ["A", {"Ref": "B"}]}),
        ("!Sub 'a-${B}'", {"Fn::Sub": "a-${B}"}),
        ("!Sub ['${x}', {x: !Ref B}]", {"Fn::Sub": ["${x}", {"x": {"Ref": "B"}}]}),
        ("!Join ['-', [a, !Ref B]]", {"Fn::Join": ["-", ["a", {"Ref": "B"}]]}),
        ("!If [Prod, true, false]", {"Fn::If": ["Prod", True, False]}),
        ("!And [!Condition A, !Equals [a, b]]", {"Fn::And": [{"Condition": "A"}, {"Fn::Equals": ["a", "b"]}]}),
        ("!FindInMap [A, b, c]", {"Fn::FindInMap": ["A", "b", "c"]}),
        ("!ImportValue x", {"Fn::ImportValue": "x"}),
        ("!Select [0, !GetAZs '']", {"Fn::Select": [0, {"Fn::GetAZs": ""}]}),
        ("!Cidr [10.0.0.0/8, 4, 8]", {"Fn::Cidr": ["10.0.0.0/8", 4, 8]}),
        ("!ToJsonString {a: !Ref B}", {"Fn::ToJsonString": {"a": {"Ref": "B"}}}),
        ("!Base64 text", {"Fn::Base64": "text"}),
    ],
)
def test_short_forms_are_the_long_forms(short: str, long: object) -> None:
    assert parse(f"x: {short}\n", "t.yaml") == {"x": long}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2012-10-17", "2012-10-17"),
        ("yes", True),
        ("Off", False),
        ("~", None),
        ("", None),
        ("017", 17),
        ("1_000", 1000),
        ("3.5", 3.5),
        ("1:30", "1:30"),
        ("'1'", "1"),
        ("123456789012", 123456789012),
        ("=", "="),
        ("0x1f", "0x1f"),
    ],
)
def test_scalars_as_cloudformation_reads_them(written: str, read: object) -> None:
    assert parse(f"x: {written}\n", "t.yaml") == {"x": read}


def test_keys_stay_texts() -> None:
    assert parse("{123456789012: a, on: b, 1.5: c}", "t.yaml") == {"123456789012": "a", "on": "b", "1.5": "c"}


def test_a_function_as_a_key_keeps_its_tag_and_its_line() -> None:
    text = "StringEquals:\n  !Sub '${Provider}:sub': x\n  !Ref Key: y\n  Key: z\n"
    assert parse(text, "t.yaml") == {"StringEquals": {"!Sub ${Provider}:sub": "x", "!Ref Key": "y", "Key": "z"}}
    assert key_lines(text, "t.yaml")[("StringEquals", "!Ref Key")] == 3


def test_aliases_and_merges_are_expanded() -> None:
    text = "base: &b {a: 1, c: 2}\nx: {<<: *b, c: 3}\ny: *b\nz: {<<: [*b, {a: 9, d: 4}]}\n"
    data = parse(text, "t.yaml")
    assert data["x"] == {"a": 1, "c": 3}
    assert data["y"] == {"a": 1, "c": 2}
    assert data["z"] == {"a": 1, "c": 2, "d": 4}


def test_json_with_comments_in_a_yaml_file_is_yaml() -> None:
    assert parse('{"a": 1, # why\n "b": [2]}', "t.yml") == {"a": 1, "b": [2]}


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(("text", "path", "expected"), [
    ('{"a": 1,\n "a": 2}', "t.json", ["t.json:2: duplicate key 'a', which is first on line 1: the last one would apply"]),
    ('{"r": {"a": {"x": 1},\n "a": {"x": 2}}}', "t.json",
     ["t.json:2: duplicate key 'a', which is first on line 1: the last one would apply"]),
    ("r:\n  a: 1\n  b: 2\n  a: 3\n", "t.yaml", ["t.yaml:4: duplicate key 'a', which is first on line 2: the last one would apply"]),
    ('{"a": 1,\n\n "b" 2}', "t.json", ["t.json:3: not valid JSON: Expecting ':' delimiter at column 6"]),
    ('{"a": NaN}', "t.json", ["t.json: not valid JSON: NaN is not a JSON value"]),
    ("a: [1\nb: 2", "t.yaml", ["t.yaml:2: not valid YAML: while parsing a flow sequence did not find expected ',' or ']'"]),
    ("a: *nobody", "t.yaml", ["t.yaml:1: not valid YAML: found undefined alias"]),
    ("a: 1\n---\nb: 2", "t.yaml",
     ["t.yaml:2: not valid YAML: expected a single document in the stream but found another document"]),
    ("? [a, b]\n: c", "t.yaml", ["t.yaml:1: a key is a list or mapping, but CloudFormation needs a string"]),
    ("a: !!binary aGk=", "t.yaml", ["t.yaml:1: unknown tag !!binary, which CloudFormation does not support"]),
    ("a: &a [*a]", "t.yaml", ["t.yaml:1: nested more than 300 levels deep"]),
    ("\n \n", "t.yaml", ["t.yaml: the file is empty"]),
    (b"a: \xff\xfe", "t.yaml",
     ["t.yaml:1: not UTF-8 text (byte 0xff at offset 3); save the file as UTF-8"]),
    ("[" * 100_000, "t.json", ["t.json: nested more than 300 levels deep"]),
    ("[" * 400 + "]" * 400, "t.json", ["t.json: nested more than 300 levels deep"]),
    ("[" * 400 + "]" * 400, "t.yaml", ["t.yaml:1: nested more than 300 levels deep"]),
])  # fmt: skip
def test_fails_with_path_and_line(text: str | bytes, path: str, expected: list[str]) -> None:
    assert [p.split(" - ")[0] for p in problems(text, path)] == expected


def test_fails_when_a_tag_is_unknown() -> None:
    (problem,) = problems("a: 1\nb: !Reff x\n", "t.yaml")
    assert problem.startswith("t.yaml:2: unknown tag !Reff; CloudFormation supports !And, !Base64")


def test_fails_on_a_billion_laughs() -> None:
    (problem,) = problems(LAUGHS, "t.yaml")
    assert "more than 1000000 values once aliases are expanded" in problem


def test_deep_yaml_does_not_crash_the_parser() -> None:
    (problem,) = problems("[" * 100_000, "t.yaml")
    assert problem.startswith("t.yaml")


def test_fails_when_too_large() -> None:
    (problem,) = problems(b" " * (32 * 2**20 + 1), "t.json")
    assert "a template can have at most 1 MiB" in problem


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert parse(decode(b"\xef\xbb\xbf{}", "t.json"), "t.json") == {}


def test_lines_of_json() -> None:
    text = '{\n "A": {\n  "B": [1, {\n   "C\\u0041": "x,\\"{"\n  }],\n  "D": []\n }\n}\n'
    assert dict(key_lines(text, "t.json")) == {
        ("A",): 2, ("A", "B"): 3, ("A", "B", "0"): 3, ("A", "B", "1"): 3, ("A", "B", "1", "CA"): 4, ("A", "D"): 6,
    }  # fmt: skip


def test_lines_of_json_are_found_in_any_order() -> None:
    text = '{\n "A": 1,\n "B": {\n  "C": 2\n },\n "D": [\n  3]\n}'
    lines = key_lines(text, "t.json")
    assert [lines.get(path) for path in [("D", "0"), ("B", "C"), ("A",), ("A", "X"), ("E",), ("B", "C", "0"), ()]] == [
        7, 4, 2, None, None, None, None,
    ]  # fmt: skip
    assert len(lines) == 5


def test_lines_of_yaml() -> None:
    text = "A:\n  B:\n    - 1\n    - C: x\n  D: !GetAtt\n    - E\n"
    assert dict(key_lines(text, "t.yaml")) == {
        ("A",): 1, ("A", "B"): 2, ("A", "B", "0"): 3, ("A", "B", "1"): 4, ("A", "B", "1", "C"): 4, ("A", "D"): 5,
        ("A", "D", "0"): 6,
    }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


def paths(value: object, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {p for key, child in items for p in ({(*path, str(key))} | paths(child, (*path, str(key))))}


@given(st.dictionaries(st.text(), JSON, max_size=5), st.sampled_from([None, 1]))
def test_every_key_of_any_json_has_a_line(data: dict[str, object], indent: int | None) -> None:
    text = json.dumps(data, indent=indent)
    assert parse(text, "t.json") == data
    lines = key_lines(text, "t.json")
    assert paths(data) == set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


def test_lazy_mapping_makes_its_contents_once() -> None:
    calls = []
    lazy = LazyMapping(lambda: calls.append(1) or {"a": 1})
    assert calls == []
    assert (lazy["a"], lazy.get("b"), "a" in lazy, list(lazy), len(lazy)) == (1, None, True, ["a"], 1)
    assert calls == [1]


def test_a_template_that_the_aws_cli_quoted_is_read_with_the_lines_of_the_template() -> None:
    written = "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n"
    text = decode(json.dumps(written).encode() + b"\n", "-")
    assert text == written
    assert parse(text, "-") == {"Resources": {"C": {"Type": "AWS::EKS::Cluster"}}}
    assert key_lines(text, "-")["Resources", "C", "Type"] == 3


@pytest.mark.parametrize("text", ['"Resources": {}\n', '"x"', '"', '"a": 1\n"b": 2\n'])
def test_other_texts_that_begin_with_a_quote_stay_as_they_are(text: str) -> None:
    assert decode(text.encode(), "-") == text
