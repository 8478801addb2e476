"""What the archives of functions hold."""

import hashlib
import io
import zipfile

from hardened_eks import _code
from hardened_eks._code import Code, of_library

SMALL = Code("hardened_eks.severity")


def test_only_what_is_imported_is_in_it() -> None:
    assert set(SMALL.files()) == {"hardened_eks/__init__.py", "hardened_eks/severity.py"}
    assert SMALL.files()["hardened_eks/__init__.py"] == b""
    assert SMALL.handler == "hardened_eks.severity.handler"


def test_a_module_that_is_left_out_takes_its_imports_with_it() -> None:
    whole = Code("hardened_eks.data.kubernetes")
    assert "hardened_eks/_clock.py" in whole.files()
    assert "hardened_eks/data/kubernetes.json" in whole.files()
    less = Code("hardened_eks.data.kubernetes", without=frozenset({"hardened_eks._clock"}))
    assert set(whole.files()) - set(less.files()) == {"hardened_eks/_clock.py"}


def test_documents_of_another_name_than_the_module_are_in_it() -> None:
    found = Code("hardened_eks.data.regions").files()
    assert {"hardened_eks/data/regions.json", "hardened_eks/data/regions_read.json"} <= set(found)


def test_the_digest_does_not_depend_on_the_compression() -> None:
    pressed = Code("hardened_eks.severity", compressed=True)
    assert pressed.digest() == SMALL.digest() == hashlib.sha256(SMALL.archive()).hexdigest()
    assert len(pressed.archive()) < len(SMALL.archive())
    with zipfile.ZipFile(io.BytesIO(pressed.archive())) as opened:
        assert {one.date_time for one in opened.infolist()} == {_code.LONG_AGO}
        assert {one.external_attr >> 16 for one in opened.infolist()} == {0o644}
        assert {name: opened.read(name) for name in opened.namelist()} == dict(SMALL.files())


def test_of_a_library_only_python_and_its_license() -> None:
    found = dict(of_library("pyyaml"))
    assert "yaml/loader.py" in found
    assert [name for name in found if "LICENSE" in name]
    assert not [name for name in found if name.endswith((".so", ".pyc", "METADATA", "RECORD"))]


def test_the_modules_are_read_once_for_the_archive_and_for_its_digest() -> None:
    plain, compressed = (Code("hardened_eks.errors", compressed=one) for one in (False, True))
    assert plain.files() is compressed.files()
    assert plain.digest() == compressed.digest()
