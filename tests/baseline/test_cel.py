"""Our evaluator of CEL decides as Google's does: single expressions, and every case of every policy."""

import pytest

from hardened_eks.baseline import cel
from tests.baseline.admission import Cluster, decide
from tests.baseline.cel import CelError, evaluate
from tests.baseline.test_mutants import recorded

DATA = {
    "object": {
        "a": 1, "s": "Zürich", "l": [1, 2, "x"], "n": None, "m": {"k": "v"}, "t": True, "f": False, "d": 1.5, "e": [],
    },
}  # fmt: skip
EXPRESSIONS = (
    "object.a == 1", "object.a == 1.0", "object.t == 1", "object.n == null", "object.n == 0", "object.a != '1'",
    "object.a + 1", "object.s + 'x'", "object.l + [3]", "object.a + 'x'", "object.n + object.n", "2 - 3", "-object.a", "2 * 3 + 1", "object.s * 2", "7 / 2", "-7 / 2", "7 / 0", "-7 % 2", "7 % 0", "7 / 2.0", "7.0 / 2.0", "1 + 1.5",
    "object.a < 2", "object.s < 'a'", "object.a < 'a'", "object.t < object.f", "object.l < object.l", "2 >= 3", "2 > 1",
    "1 in object.l", "'1' in object.l", "'k' in object.m", "1 in object.a",
    "has(object.a)", "has(object.z)", "has(object.z.y)", "has(object.n.y)", "has(object.m.k)", "has(object)",
    "object.z", "object.n.x", "object.l[0]", "object.l[3]", "object.l[-1]", "object.m['k']", "object.m['z']", "object.l['0']",
    "!object.t", "!object.a", "object.t ? 1 : 2", "object.a ? 1 : 2", "object.f ? object.z : 3",
    "object.t || object.z", "object.z || object.t", "object.z || object.f", "object.f && object.z", "object.z && object.f",
    "object.z && object.t", "object.a || object.t", "object.t && object.t && object.f",
    "object.l.all(x, x != 3)", "object.l.all(x, x > 0)", "object.l.exists(x, x == 'x')", "object.l.exists(x, x.z)",
    "object.l.exists(x, x == 'x' || x.z)", "object.l.filter(x, x != 1)", "object.l.map(x, string(x))", "object.m.all(k, k == 'k')",
    "object.a.all(x, true)", "object.e.all(x, object.z)", "object.e.exists(x, true)", "object.l.map(x, x + 1)",
    "size(object.l)", "object.l.size()", "object.s.size()", "object.m.size()", "size(object.a)", "object.n.size()",
    "object.s.startsWith('Z')", "object.s.endsWith('h')", "object.s.contains('ri')", "object.s.matches('^Z.*h$')",
    "object.s.matches('rich')", "object.s.matches('(?i)RICH$')", "'a\\n'.matches('a$')", "'a$b'.matches('[$]')", "'a$b'.matches('a\\\\$')",
    "'٣'.matches('^[0-9]+$')", "object.s.matches('(')", "object.a.startsWith('1')", "object.s.startsWith(1)",
    "'a,b,c'.split(',')", "'a,b,c'.split(',', 2)", "'a,b'.split(',', 0)", "'abc'.split('')", "''.split(',')", "'abc'.split('', 2)",
    "'abc'.indexOf('c')", "'abc'.indexOf('z')", "'abc'.charAt(1)", "'abc'.charAt(3)", "'abc'.charAt(4)", "'abc'.substring(1)",
    "'abc'.substring(1, 2)", "'abc'.substring(2, 1)", "' a '.trim()", "'ÄB'.lowerAscii()",
    "int('12')", "int('+12')", "int('x')", "int('')", "int(1.9)", "int(object.n)", "string(1)", "string(true)", "string(1.5)",
    "string(object.n)", "[1, 2] == [1, 2]", "{'a': 1} == {'a': 1}", "{'a': 1}.a", "{'a': 1}", "[object.t, object.a]",
    "(1 + 2) - 3 == 0", "1 == 1 == true", "\"it's\" == 'it\\'s'", "r'\\d' == '\\\\d'", "object.s == 'Z\\u00fcrich'", "''.size() == 0",
    "object.t ? object.f ? 1 : 2 : 3", "object.l[object.a]", "object.l.filter(x, x == 1)[0]", "unknown", "object.m.k.size()",
)  # fmt: skip
NOT_UNDERSTOOD = (
    "1 +",
    "a b",
    "object.a.optMap(x, x)",
    "object.?a",
    "has(object.a, 1)",
    "#",
    "f(1)",
    "[1, 2",
    "{1}",
    "object.1",
    "'x",
)


def answer(engine, error, expression):
    try:
        return engine(expression, DATA)
    except error:
        return "an error"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_single_expressions(expression: str) -> None:
    ours = answer(cel.evaluate, cel.CelError, expression)
    theirs = answer(evaluate, CelError, expression)
    assert (ours, type(ours)) == (theirs, type(theirs))


@pytest.mark.parametrize("expression", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_an_error(expression: str) -> None:
    with pytest.raises(cel.CelError):
        cel.evaluate(expression, DATA)


def test_every_recorded_case_of_every_policy_is_decided_alike() -> None:
    differ = []
    clusters: dict[str, Cluster] = {}
    for policy, questions in recorded().items():
        name = f"hardened-eks-{policy}"
        for settings, request, _ in questions:
            key = repr(settings)
            if key not in clusters:
                clusters[key] = Cluster(settings)
            of = (clusters[key].policies[name], request)
            ours, theirs = decide(*of), decide(*of, evaluate)
            if (ours.denied, ours.messages, bool(ours.error)) != (theirs.denied, theirs.messages, bool(theirs.error)):
                differ.append((policy, request, ours, theirs))
    assert differ == []
    assert sum(map(len, recorded().values())) > 3000
