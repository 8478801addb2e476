"""The HTML report in a real browser: light and dark, wide and narrow."""

import re
import shutil
import struct
import subprocess
from datetime import date
from pathlib import Path

import pytest

from hardened_eks.controls.control_plane import log_types_all, private_endpoint
from hardened_eks.evidence import Assembly, Template
from hardened_eks.judging.evaluation import evaluate
from hardened_eks.reports import Report, render
from tests.programs import calendar_environment

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")]
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr", "--v=0",
]  # fmt: skip


def browse(page: Path, profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(CHROMIUM), *QUIET, f"--user-data-dir={profile}", *arguments, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, env=calendar_environment())


@pytest.fixture(scope="module")
def page(everything: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render(everything, "html"), encoding="utf-8")
    return path


def test_the_browser_reads_what_we_wrote(page: Path, tmp_path: Path) -> None:
    found = browse(page, tmp_path, "--dump-dom")
    dom = found.stdout
    assert "<title>hardened-eks: fail</title>" in dom
    assert re.search(r'<span id="verdict"[^>]*>fail</span>', dom)
    assert len(re.findall(r"<article ", dom)) == 6
    assert "alert('|')" in dom, "shown as text"
    assert "<script" not in dom
    assert not re.search(r"CONSOLE|Refused to|Failed to load", found.stderr)


@pytest.mark.parametrize(
    ("name", "arguments", "dark"),
    [
        ("light", ("--window-size=1280,1600",), False),
        ("dark", ("--window-size=1280,1600", "--blink-settings=preferredColorScheme=0"), True),
        ("narrow", ("--window-size=500,1600",), False),
    ],
)
def test_it_is_painted(page: Path, tmp_path: Path, name: str, arguments: tuple[str, ...], dark: bool) -> None:
    shot = tmp_path / f"{name}.png"
    browse(page, tmp_path / "profile", *arguments, f"--screenshot={shot}")
    data = shot.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == tuple(int(n) for n in arguments[0].removeprefix("--window-size=").split(","))
    assert len(data) > 30_000, "a blank page compresses to nothing"
    assert (background(data) < 128) is dark


def background(png: bytes) -> int:
    """Return the brightness of the top left pixel."""
    import zlib

    at, compressed = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            compressed += png[at + 8 : at + 8 + length]
        at += 12 + length
    first = zlib.decompressobj().decompress(compressed, 8)
    return sum(first[1:4]) // 3


def test_nothing_examined_is_shown(nothing: Report, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(render(nothing, "html"), encoding="utf-8")
    dom = browse(path, tmp_path / "profile", "--dump-dom").stdout
    assert re.search(r'<span id="verdict"[^>]*>nothing examined</span>', dom)
    assert "None, and nothing was examined: this is not a pass." in dom


def test_a_name_of_any_length_does_not_widen_the_page(tmp_path: Path) -> None:
    body = {"Resources": {"Long" * 300: {"Type": "AWS::EKS::Cluster"}, "x": {"Type": "AWS::EKS::Cluster"}}}
    outcome = evaluate(Assembly([Template("S" * 300, body)]), [private_endpoint, log_types_all])
    note = f"{'n' * 900} is not read"
    text = render(Report(outcome, date(2026, 11, 21), "0.1.0", ("t" * 300,), (), (note,), stacks=1), "html")
    path = tmp_path / "report.html"
    script = "<script>document.title = document.documentElement.scrollWidth</script>"
    path.write_text(re.sub(r"<meta http-equiv[^>]*>", "", text) + script, encoding="utf-8")
    dom = browse(path, tmp_path / "profile", "--dump-dom", "--window-size=800,600").stdout
    assert re.search(r"<title>(\d+)", dom)[1] == "800"  # type: ignore[index]


def test_a_print_says_what_it_leaves_out(page: Path) -> None:
    """A filter that is chosen is printed with the findings that it leaves."""
    assert ".filter:not(:has([class]:checked)) { display: none; }" in page.read_text(encoding="utf-8")


def test_filters_work_without_a_script(tmp_path: Path) -> None:
    """A page on which one severity is chosen shows the findings of this one alone."""
    names = {f"Open{number}": {"Type": "AWS::EKS::Cluster"} for number in range(30)}
    outcome = evaluate(Assembly([Template("S", {"Resources": names})]), [private_endpoint, log_types_all])
    text = render(Report(outcome, date(2026, 11, 21), "0.1.0", ("t.json",), ("t.json",), (), stacks=1), "html")
    assert private_endpoint.severity is not log_types_all.severity
    all_of_them = '<input type="radio" name="findings" checked>'
    one_of_them = f'<input type="radio" name="findings" class="only-{log_types_all.severity}">'
    assert all_of_them in text and one_of_them in text
    chosen = text.replace(all_of_them, all_of_them.replace(" checked", ""))
    chosen = chosen.replace(one_of_them, one_of_them.replace(">", " checked>"))
    assert printed_pages(text, tmp_path / "all") > printed_pages(chosen, tmp_path / "one")


def printed_pages(text: str, folder: Path) -> int:
    folder.mkdir()
    source, pdf = folder / "page.html", folder / "page.pdf"
    source.write_text(text, encoding="utf-8")
    browse(source, folder / "profile", f"--print-to-pdf={pdf}")
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))
