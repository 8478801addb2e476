"""`make guides`: types every command line of the guides, and compares how each was run with tests/guides/outcomes.json.

python -m tests.guides              compares
python -m tests.guides --write      writes how each was run
python -m tests.guides PAGE ...     these pages alone
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.emulator.service import environment, serving
from tests.guides.lines import ROOT, lines
from tests.guides.outcomes import KEPT, read, worst, write
from tests.guides.world import ACCOUNT, LAST, REGION, SETTINGS, VARIABLES, WORDS, account, folder, synthesize
from tools import environments

PROGRAMS = (
    "aws", "cdk", "crane", "docker", "hardened-eks", "helm", "kubectl", "make", "notation", "npm", "npx", "pip", "python",
    "python3",
)  # fmt: skip


def main(arguments: list[str]) -> None:
    pages = {name for name in arguments if not name.startswith("-")}
    started, found = time.monotonic(), dict[str, dict[str, list[str]]]()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        shims(place / "bin")
        assembly = synthesize(place / "assembly")
        with serving() as url:
            for page in dict.fromkeys(line.page for line in lines()):
                if page.startswith("docs/tutorial/") or (pages and Path(page).stem not in pages):
                    continue
                reset(url)
                found[page] = run(page, place, url, assembly)
                print(f"{page}: {dict(Counter(kind for kind, *_ in found[page].values()))}", flush=True)
    report(found, started)
    if "--write" in arguments:
        write(found)
    else:
        differ = [line for page, some in found.items() for line in compare(page, some)]
        sys.exit("\n".join(differ) if differ else 0)


def reset(url: str) -> None:
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{url}/_ministack/reset", method="POST"), timeout=30).close()


def shims(place: Path) -> None:
    """Write the programs of the shell's path."""
    place.mkdir()
    for program in PROGRAMS:
        script = f'#!/bin/sh\nPYTHONPATH={place.parent / "package"}:{ROOT} exec {sys.executable} -m tests.guides.call {program} "$@"\n'
        (place / program).write_text(script, encoding="utf-8")
        (place / program).chmod(0o755)


def run(page: str, place: Path, url: str, assembly: Path) -> dict[str, list[str]]:
    """Type the lines of a page into one shell; return how each was run."""
    stem = Path(page).stem
    mine = [line.text for line in lines() if line.page == page]
    if stem in LAST:
        mine.sort(key=lambda text: bool(LAST[stem].search(text)))
    here = place / stem
    folder(here, stem, assembly)
    package = place / "package" / "hardened_eks"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(ROOT / "hardened_eks", package, ignore=shutil.ignore_patterns("__pycache__"))
    values = account(url, assembly)
    log, states = place / f"{stem}.log", place / f"{stem}.states"
    log.touch()
    script = "".join(
        f"export GUIDES_LINE={number}\n{filled(stem, text, values)}\necho {number} $? >> {states}\n"
        for number, text in enumerate(mine)
    )
    (place / f"{stem}.sh").write_text(script, encoding="utf-8")
    variables = {
        **environment(url), "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION,
        **VARIABLES, **values, **SETTINGS.get(stem, {}), "PATH": f"{place / 'bin'}:/usr/local/bin:/usr/bin:/bin", "HOME": str(home(place)),
        "LANG": "C.UTF-8", "GUIDES_LOG": str(log), "GUIDES_AWS": str(environments.python("guides")),
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20", "AWS_PAGER": "",
        "CDK_DISABLE_CLI_TELEMETRY": "true", "AWS_MAX_ATTEMPTS": "1", "CDK_HOME": str(place / "cdk"),
    }  # fmt: skip
    if any(re.match(r"(npx )?cdk deploy", text) for text in mine):
        command = [str(ROOT / "node_modules" / ".bin" / "cdk"), "bootstrap", f"aws://{ACCOUNT}/{REGION}"]
        subprocess.run(command, cwd=here, env=variables | {"GUIDES_LINE": "-1"}, capture_output=True, check=True)
    done = subprocess.run(
        ["bash", "--norc", str(place / f"{stem}.sh")],
        cwd=here,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    calls = [json.loads(one) for one in log.read_text(encoding="utf-8").splitlines()]
    ended = (
        dict(map(int, one.split()) for one in states.read_text(encoding="utf-8").splitlines())
        if states.exists()
        else {}
    )
    found = {}
    for number, text in enumerate(mine):
        some = [one for one in calls if one["line"] == number]
        found[text] = worst(some, ended.get(number, -1))
        if found[text][0] == "failed":
            print(f"  {text}\n    {found[text][1]}\n    {done.stderr[-300:] if not some else ''}", flush=True)
    return found


def home(place: Path) -> Path:
    """Return a home with the profiles that the guides name."""
    made = place / "home"
    if not made.exists():
        (made / ".aws").mkdir(parents=True)
        keys = "aws_access_key_id = test\naws_secret_access_key = test\n"
        names = ("break-glass", "govcloud", "china", "sandbox")
        (made / ".aws" / "credentials").write_text("".join(f"[{name}]\n{keys}" for name in names), encoding="utf-8")
    return made


def filled(stem: str, text: str, values: dict[str, str]) -> str:
    """Return a line with what the reader puts in."""
    for word, value in WORDS.get(stem, {}).items():
        pattern = rf"(?<![\w$\"{{-]){re.escape(word)}(?![\w=-])" if word.isupper() else re.escape(word)
        text = re.sub(pattern, lambda _, value=value: _typed(values.get(value, value)), text)
    return text


def _typed(value: str) -> str:
    return value if value.startswith("$(") else shlex.quote(value)


def compare(page: str, found: dict[str, list[str]]) -> list[str]:
    kept = read().get(page, {})
    return [
        f"{page}: {text}\n  is {found[text]}, and {kept.get(text)} in {KEPT.name}"
        for text in found
        if found[text] != kept.get(text) or found[text][0] == "failed"
    ]


def report(found: dict[str, dict[str, list[str]]], started: float) -> None:
    total = Counter(kind for some in found.values() for kind, *_ in some.values())
    reasons = Counter(reason for some in found.values() for _, reason in some.values() if reason)
    print(f"{sum(total.values())} command lines: {dict(total)}; {time.monotonic() - started:.0f} s")
    for reason, number in reasons.most_common():
        print(f"  {number:3} {reason[:150]}")


if __name__ == "__main__":
    main(sys.argv[1:])
