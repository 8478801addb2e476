"""The page that lists the decisions in docs/adr."""

from pathlib import Path

FOLDER = Path(__file__).parent / "adr"


def page(note: str) -> str:
    """Return docs/adr/index.md: the title of each decision, which is its first line."""
    lines = ["# Decisions", "", note]
    for file in sorted(FOLDER.glob("0*.md")):
        number, _, title = file.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(". ")
        lines.append(f"- {number}: [{title}]({file.name})")
    return "\n".join(lines) + "\n"
