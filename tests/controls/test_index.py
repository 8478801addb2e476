"""What is known of a control before its file is read is what its file says, and is enough to pass it over."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hardened_eks.controls import CATALOGUE, network
from hardened_eks.controls._reading import INDEXED
from hardened_eks.controls.model import Control
from tools import control_index


def python(code: str) -> list[object]:
    """Return what `code`, run in a process of its own, prints as JSON."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found: list[object] = json.loads(run.stdout)
    return found


def test_the_index_says_what_the_files_say() -> None:
    assert control_index.text(CATALOGUE) == control_index.FILE.read_text(encoding="utf-8"), (
        "run python -m tools.control_index"
    )


def test_every_file_of_an_area_is_in_the_catalogue() -> None:
    root = Path(control_index.FILE).parent
    files = {
        f"{file.parent.name}.{file.stem}"
        for file in root.glob("*/*.py")
        if not file.stem.startswith("_") and file.parent.name != "frameworks"
    }
    assert files == {f"{control.area}.{control.name}" for control in CATALOGUE}


def test_what_selects_controls_reads_no_file() -> None:
    code = f"""
import json, sys
from hardened_eks.controls import CATALOGUE
for control in CATALOGUE:
    [getattr(control, name) for name in ("area", "name", *{INDEXED!r})], repr(control), hash(control)
before = [name for name in sys.modules if name.count(".") == 3 and name.startswith("hardened_eks.controls.")]
first, last = CATALOGUE[0].title, CATALOGUE[-1].check
after = [name for name in sys.modules if name.count(".") == 3 and name.startswith("hardened_eks.controls.")]
print(json.dumps([before, [name for name in after if "._" not in name]]))
"""
    before, after = python(code)
    assert before == []
    assert after == [
        f"hardened_eks.controls.{control.area}.{control.name}" for control in (CATALOGUE[0], CATALOGUE[-1])
    ]


def test_a_control_is_one_object_whoever_imports_it_first() -> None:
    code = """
import json
from hardened_eks.controls.network.flow_logs import flow_logs as by_module
from hardened_eks.controls.network import flow_logs
from hardened_eks.controls import CATALOGUE, network
print(json.dumps([by_module is flow_logs, flow_logs is network.flow_logs, flow_logs in CATALOGUE, flow_logs.title]))
"""
    assert python(code) == [True, True, True, "Every VPC has a flow log"]


def test_an_area_names_its_controls_and_not_their_modules() -> None:
    for control in network.NETWORK:
        assert control.check
        assert getattr(network, control.name) is control


def test_an_index_that_is_older_than_a_file_is_told() -> None:
    code = """
import json
from hardened_eks.controls import _index
row = _index.INDEX["network.flow_logs"]
from hardened_eks.controls import network
object.__setattr__(network.flow_logs, "types", ("AWS::EC2::Subnet",))
try:
    network.flow_logs.title
except RuntimeError as error:
    print(json.dumps([str(error)]))
"""
    assert python(code) == ["the index is older than NW-01 flow_logs: run python -m tools.control_index"]


def test_a_file_that_is_not_searched_is_a_module_like_any_other() -> None:
    code = """
import importlib.util, inspect, json, sys
from hardened_eks.controls import network
title = network.flow_logs.title
name = "hardened_eks.controls.network.flow_logs"
read = sys.modules[name]
again = importlib.import_module(name)
found = importlib.util.find_spec(name)
print(json.dumps([
    again is read, read.flow_logs is network.flow_logs, read.__name__ == name, read.__package__ == network.__name__,
    read.__file__ == found.origin == read.__spec__.origin, read.__spec__.cached == found.cached,
    type(read.__loader__) is type(found.loader), title in inspect.getsource(read),
    repr(read) == f"<module '{name}' from '{found.origin}'>", importlib.reload(read) is read,
]))
"""
    assert python(code) == [True] * 10


def test_a_file_with_an_error_is_not_kept() -> None:
    code = """
import json, sys
from hardened_eks.controls import network
object.__setattr__(network.flow_logs, "types", ())
told = []
for _ in range(2):
    try:
        network.flow_logs.title
    except RuntimeError as error:
        told.append(str(error)[:22])
    told.append("hardened_eks.controls.network.flow_logs" in sys.modules)
print(json.dumps(told))
"""
    assert python(code) == ["the index is older tha", False] * 2


def test_another_loader_than_that_of_files_is_asked() -> None:
    """Such as that of an archive, or of an import hook."""
    code = """
import importlib, json
from hardened_eks.controls import network
class Loader: pass
network.__loader__ = Loader()
asked, import_module = [], importlib.import_module
importlib.import_module = lambda name: (asked.append(name), import_module(name))[1]
print(json.dumps([network.flow_logs.title, asked]))
"""
    assert python(code) == ["Every VPC has a flow log", ["hardened_eks.controls.network.flow_logs"]]


def test_threads_that_read_a_control_at_once_get_one_object() -> None:
    code = """
import json, sys, threading
sys.setswitchinterval(1e-6)
from hardened_eks.controls import CATALOGUE
chosen = CATALOGUE[:40]
def read():
    for control in chosen:
        control.title
threads = [threading.Thread(target=read) for _ in range(8)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
modules = [sys.modules[f"hardened_eks.controls.{one.area}.{one.name}"] for one in chosen]
print(json.dumps([vars(module)[one.name] is one for module, one in zip(modules, chosen)]))
"""
    assert python(code) == [True] * 40


def test_a_control_that_is_not_in_the_index_yet_is_read_at_once() -> None:
    code = """
import json, sys
from types import ModuleType
empty = ModuleType("hardened_eks.controls._index")
empty.INDEX = {}
sys.modules[empty.__name__] = empty
from hardened_eks.controls import CATALOGUE, network
from hardened_eks.controls.network.flow_logs import flow_logs
print(json.dumps([len(CATALOGUE), network.flow_logs is flow_logs, flow_logs in CATALOGUE, flow_logs.title]))
"""
    assert python(code) == [len(CATALOGUE), True, True, "Every VPC has a flow log"]


def test_an_unknown_attribute_is_told_as_ever() -> None:
    with pytest.raises(AttributeError, match="'Control' object has no attribute 'nothing'"):
        CATALOGUE[0].nothing  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="'Control' object has no attribute 'id'"):
        Control.__new__(Control).id
