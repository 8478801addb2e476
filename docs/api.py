"""Generate the pages of the API reference: a heading and the public names, which mkdocstrings documents on the site.

On the site, griffe reads the source and imports nothing, so the site is built without Node and without the CDK.
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
    "governance": "Account",
    "hook": "CloudFormation hook",
    "_signed_code": "Signed code",
    "identity": "Pod identities",
    "keys": "Keys",
    "network": "Network",
    "recovery": "Backups",
    "registry": "Images",
    "response": "Response",
    "workloads": "Workloads",
    "_cluster_like": "Protocols",
}
"""Map from each part of the library to the title of its page."""
_BESIDE = {"_waive": "checks"}
"""Map from a part without a page of its own to the part whose page has its names."""


def parts() -> dict[str, list[str]]:
    """Return the public names of each part of the library, in the order of the titles."""
    homes = {name: home for home, names in hardened_eks._HOMES.items() for name in names}  # noqa: SLF001 - our own
    found: dict[str, list[str]] = defaultdict(list)
    for name in hardened_eks.__all__:
        part = homes.get(name, name).split(".")[0]
        found[_BESIDE.get(part, part)].append(name)
    return {part: found.pop(part) for part in TITLES if part in found} | dict(found)


def pages(note: str) -> dict[str, str]:
    """Return a map from path to content of the pages in docs/reference/api. Paths are relative to docs/."""
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
