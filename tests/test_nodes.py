"""The former home of `hardened_eks.compute` works for one release, and says where the names are now."""

import subprocess
import sys

import pytest

from hardened_eks import compute, nodes


@pytest.mark.parametrize("name", nodes.__all__)
def test_names_are_the_same_and_warn(name: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"hardened_eks.nodes is now hardened_eks.compute: import {name} from"):
        assert getattr(nodes, name) is getattr(compute, name)


def test_the_warning_names_the_line_that_imports() -> None:
    code = "\nfrom hardened_eks.nodes import NodeGroup"
    run = subprocess.run([sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr.startswith("<string>:2: DeprecationWarning: hardened_eks.nodes is now hardened_eks.compute")
    assert run.stderr.count("DeprecationWarning") == 1


def test_nothing_else_is_there() -> None:
    assert set(nodes.__all__) <= set(dir(nodes))
    with pytest.raises(AttributeError, match="module 'hardened_eks.nodes' has no attribute 'Nodes'"):
        nodes.Nodes  # noqa: B018
