"""Generate the pages of the small apps in examples/: the content of each README, and the files of the app."""

import re
from pathlib import Path

DOCS = Path(__file__).parent
EXAMPLES = DOCS.parent / "examples"
PICTURE = re.compile(r'<picture>.*? alt="(?P<alt>[^"]*)".*?</picture>', re.DOTALL)
LANGUAGES = {".py": "python", ".json": "json", ".yaml": "yaml"}


def pages(note: str) -> dict[str, str]:
    """Return a map from path to content of the pages and their pictures. Paths are relative to docs/."""
    found = {"blueprints/index.md": _index(note)}
    for folder in _folders():
        found[f"blueprints/{folder.name}.md"] = _page(folder, note)
        for picture in sorted(folder.glob("diagram-*.svg")):
            found[f"images/{folder.name}-{picture.name}"] = picture.read_text(encoding="utf-8")
    return found


def _folders() -> list[Path]:
    return sorted(app.parent for app in EXAMPLES.glob("*/app.py"))


def _index(note: str) -> str:
    title, text = _readme(EXAMPLES)
    return f"{title}\n\n{note}\n{text.replace('/README.md)', '.md)').replace('](../docs/', '](../')}"


def _page(folder: Path, note: str) -> str:
    title, text = _readme(folder)
    text = PICTURE.sub(lambda found: _pictures(folder.name, found["alt"]), text.replace("](../../docs/", "](../"))
    parts = [f"{title}\n\n{note}\n{text}"]
    for file in sorted(folder.iterdir()):
        if file.suffix in LANGUAGES:
            name = file.relative_to(DOCS.parent)
            code = file.read_text(encoding="utf-8")
            parts.append(f"## `{file.name}`\n\n<!-- example: {name} -->\n```{LANGUAGES[file.suffix]}\n{code}```\n")
    return "\n".join(parts)


def _pictures(name: str, alt: str) -> str:
    """Return the light and the dark picture. GitHub and Material show the one that matches the color scheme."""
    shown = (f"![{alt}](../images/{name}-diagram-{mode}.svg#gh-{mode}-mode-only)" for mode in ("light", "dark"))
    return "\n".join(shown)


def _readme(folder: Path) -> tuple[str, str]:
    title, _, text = (folder / "README.md").read_text(encoding="utf-8").partition("\n\n")
    return title, text
