"""The pages of the API reference: a heading and the names of each part, which mkdocstrings fills on the site.

Nothing is imported for it: griffe reads the source, so the site is built without Node and without the CDK.
"""

from collections import defaultdict

import hardened_eks

TITLES = {
    "access": "Access",
    "addons": "Add-ons",
    "alerts": "Alert channels",
    "checks": "Checks",
    "cluster": "Cluster",
    "compute": "Nodes",
    "detection": "Detection",
    "errors": "Errors",
    "governance": "The account",
    "hook": "The CloudFormation hook",
    "_signed_code": "Signed code",
    "identity": "Identities of pods",
    "keys": "Keys",
    "network": "Network",
    "recovery": "Backups",
    "registry": "Images",
    "response": "Response",
    "workloads": "Workloads",
    "_cluster_like": "Protocols",
}
"""Part of the library -> title of its page."""


def parts() -> dict[str, list[str]]:
    """Return the public names by the part that they belong to, in the order of the titles."""
    homes = {name: home for home, names in hardened_eks._HOMES.items() for name in names}  # noqa: SLF001 - our own
    found: dict[str, list[str]] = defaultdict(list)
    for name in hardened_eks.__all__:
        found[homes.get(name, name).split(".")[0]].append(name)
    return {part: found.pop(part) for part in TITLES if part in found} | dict(found)


def pages(note: str) -> dict[str, str]:
    """Return the pages below docs/reference/api by their path below docs/."""
    index = ["# API reference", "", note, "Import the names as `import hardened_eks as hardened`.", ""]
    made = {}
    for part, names in parts().items():
        file = f"{part.strip('_')}.md"
        title = TITLES.get(part, part.capitalize())
        index.append(f"- [{title}]({file}): {', '.join(f'`{name}`' for name in names)}")
        made[f"reference/api/{file}"] = _page(title, names, note)
    return {"reference/api/index.md": "\n".join([*index, ""]), **made}


def _page(title: str, names: list[str], note: str) -> str:
    lines = [f"# {title}", "", note]
    for name in names:
        lines += [f"::: hardened_eks.{name}", ""]
    return "\n".join(lines)
