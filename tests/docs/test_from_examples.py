"""The pages of the small apps: one for each, with its files and its pictures."""

from docs.from_examples import EXAMPLES, pages

APPS = sorted(app.parent.name for app in EXAMPLES.glob("*/app.py"))


def test_each_app_has_a_page_in_the_list() -> None:
    found = pages("")
    assert APPS
    assert {f"blueprints/{name}.md" for name in APPS} < set(found)
    assert [name for name in APPS if f"]({name}.md)" not in found["blueprints/index.md"]] == []


def test_a_page_shows_both_pictures_and_all_files() -> None:
    found = pages("")
    for name in APPS:
        page = found[f"blueprints/{name}.md"]
        for mode in ("light", "dark"):
            assert f"(../images/{name}-diagram-{mode}.svg#gh-{mode}-mode-only)" in page
            assert f"images/{name}-diagram-{mode}.svg" in found
        assert "<picture>" not in page, "the site does not rewrite its addresses"
        assert "../../" not in page, "nothing outside of docs/ is on the site"
        files = {file.name for file in (EXAMPLES / name).iterdir() if file.suffix in {".py", ".json", ".yaml"}}
        assert {file for file in files if f"## `{file}`" in page} == files
