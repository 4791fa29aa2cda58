"""How the site is built: ``sphinx-build -W --keep-going -b html docs docs/_build``.

The pages are plain Markdown, as a code host shows them; what only the site needs stands here and
in ``_toc.yml``. Walkthroughs are copied from ``examples`` and run while the site is built.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).parent
ROOT = DOCS.parent
WALKTHROUGHS = DOCS / "walkthroughs"
SCHEMAS = sorted((ROOT / "rubrics").glob("*.schema.json"))

project = "pmpromo"
author = "the authors of pmpromo"
release = re.findall(r'__version__ = "(.+)"', (ROOT / "pmpromo/__init__.py").read_text("utf-8"))[0]

extensions = [
    "myst_nb",
    "sphinx_external_toc",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "conf.py"]
html_theme = "furo"
html_title = "pmpromo"
html_show_copyright = False

myst_heading_anchors = 3
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_show_tb = True

suppress_warnings = ["myst.header"]  # a page of fields has a heading a noun, and none between

autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|mailto:|#)([^)\s#]+)(#[^)\s]*)?\)")


def name_what_lies_outside(app: Sphinx, page: str, source: list[str]) -> None:
    """Turn links into the repository, beyond the site, into the names of the files."""
    folder = Path(app.env.doc2path(page)).parent

    def rewrite(found: re.Match[str]) -> str:
        target = (folder / found[2]).resolve()
        if target in SCHEMAS:
            return f'<a href="{"../" * page.count("/")}schemas/{target.name}">{found[1]}</a>'
        if target.is_relative_to(DOCS) or not target.is_relative_to(ROOT):
            return found[0]
        return f"{found[1]} (`{target.relative_to(ROOT).as_posix()}` in the repository)"

    source[0] = _LINK.sub(rewrite, source[0])


def let_blocks_be_reached(
    _: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Let whoever has no mouse scroll a wide block of code."""
    del page, template, doctree
    if "body" in context:
        context["body"] = context["body"].replace("<pre>", '<pre tabindex="0">')


def publish_schemas(app: Sphinx, error: Exception | None) -> None:
    """Put the JSON Schemas where programs can fetch them: ``schemas/`` of the site."""
    if error is None:
        folder = Path(app.outdir) / "schemas"
        folder.mkdir(exist_ok=True)
        for schema in SCHEMAS:
            shutil.copy(schema, folder)


def copy_walkthroughs(_: Sphinx) -> None:
    """Bring the walkthroughs, and what they read, to where the site can run them."""
    shutil.rmtree(WALKTHROUGHS, ignore_errors=True)
    beside = shutil.ignore_patterns("*.md", "simulate.py", "__pycache__", "engines", "services")
    shutil.copytree(ROOT / "examples", WALKTHROUGHS, ignore=beside)


def setup(app: Sphinx) -> None:
    """Tell the builder of all four."""
    app.connect("builder-inited", copy_walkthroughs, priority=1)
    app.connect("source-read", name_what_lies_outside)
    app.connect("html-page-context", let_blocks_be_reached)
    app.connect("build-finished", publish_schemas)
