"""Pages and displays in a real browser: no WCAG A or AA violation in any of them.

``pip install -e '.[test,docs,browser]'``, Debian's ``chromium``, then ``pytest -m browser``. With
``PMPROMO_SHOTS=FOLDER`` every view is also saved as a picture, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from urllib.request import urlopen

import pytest

from pmpromo import assess, explain, fit_committee, load_packet, read_ratings
from pmpromo.booklet import write_session_page
from pmpromo.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ROOT: Final = Path(__file__).parents[2]
RUBRIC: Final = "pure-storage-pm/l3-l4"
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
Scheme = Literal["light", "dark"]
SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")


class View(NamedTuple):
    """How a page is looked at: width and height in pixels, and screen or paper."""

    name: str
    width: int
    height: int
    media: Literal["screen", "print"]


VIEWS: Final = (
    View("phone", 390, 844, "screen"),
    View("laptop", 1280, 800, "screen"),
    View("paper", 794, 1123, "print"),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()


def find_violations(page: Page, scope: str | None = None) -> list[str]:
    """Return what axe finds wrong on a page, or inside the elements of a selector."""
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed")
    page.evaluate((Path(axe.__file__).parent / "axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        "([scope, tags]) => axe.run(scope || document, {runOnly: tags})", [scope, TAGS]
    )
    return [
        f"{each['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def keep_picture(page: Page, name: str) -> None:
    """Save what the page looks like, if someone wants to look."""
    folder = os.environ.get("PMPROMO_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every page that the library writes, on real input."""
    folder = tmp_path_factory.mktemp("pages")
    model = folder / "model.json"
    decisions = str(ROOT / "examples/decisions/decisions.csv")
    packets = [str(ROOT / f"examples/packets/{name}.yaml") for name in ("spm-a", "spm-b")]
    assert main(["fit", decisions, "--rubric", RUBRIC, "-o", str(model)]) == 0
    found = {name: folder / f"{name}.html" for name in ("committee", "cohort", "explanation")}
    forecast = ["--model", str(model)]
    words = [*forecast, "--path", "--compare"]
    assert main(["report", *packets, "-o", str(found["committee"]), *words]) == 0
    every = [str(path) for path in sorted((ROOT / "examples/packets").glob("*.yaml"))]
    assert main(["report", *every, "--cohort", "-o", str(found["cohort"])]) == 0
    seen = assess(load_packet(packets[0]))
    found["explanation"].write_text(explain(seen).to_html(), encoding="utf-8")
    found["session"] = folder / "session.html"
    ratings = read_ratings(ROOT / "examples/decisions/ratings.csv")
    session = write_session_page(fit_committee(ratings))
    found["session"].write_text(session, encoding="utf-8")
    found["single"] = folder / "single.html"
    found["single"].write_text(seen.to_html(), encoding="utf-8")
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize("name", ["committee", "cohort", "session", "explanation", "single"])
def test_written_pages_can_be_read_by_everyone(
    browser: Browser, pages: dict[str, Path], name: str, view: View, scheme: Scheme
) -> None:
    """At phone, laptop and paper, light and dark, axe finds nothing; the page is not cut off."""
    page = browser.new_page(
        viewport={"width": view.width, "height": view.height}, color_scheme=scheme
    )
    page.emulate_media(media=view.media, color_scheme=scheme)
    page.goto(pages[name].as_uri())
    keep_picture(page, f"{name}-{view.name}-{scheme}")
    assert find_violations(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= view.width + 1
    page.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as the documentation says."""
    pytest.importorskip("sphinx", reason="sphinx is not installed")
    folder = tmp_path_factory.mktemp("site")
    words = ["-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)  # noqa: S603
    return folder


SHOWN: Final = (
    "tutorial",
    "how-to/fit-readiness",
    "how-to/look-at-results",
    "reference/api",
    "walkthroughs/cycle_walkthrough",
    "walkthroughs/my_packet_walkthrough",
    "walkthroughs/readiness_walkthrough",
)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", SHOWN)
def test_the_site_can_be_read_by_everyone(
    browser: Browser, site: Path, name: str, scheme: Scheme
) -> None:
    """In the built site, light and dark, axe finds nothing in the text of a page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page.goto((site / f"{name}.html").as_uri())
    keep_picture(page, f"site-{Path(name).name}-{scheme}")
    assert find_violations(page, "article") == []
    page.close()


CELLS: Final = """\
# %%
from pmpromo import assess, fit_readiness, load_packet, load_rubric, read_decisions
from pmpromo.gallery import *
rubric = load_rubric("pure-storage-pm/l3-l4")
past = read_decisions("examples/decisions/decisions.csv", rubric)
model = fit_readiness(past.scores, past.promoted, rubric=rubric)
packet = load_packet("examples/packets/spm-a.yaml")
seen = assess(packet, readiness=model)
seen
# %%
rubric
# %%
packet
# %%
model
# %%
model.reliability
# %%
draw_criteria(seen)
# %%
draw_evidence(seen)
# %%
draw_gaps(seen)
# %%
draw_timeline(seen)
# %%
from pmpromo import fit_committee, read_ratings
fit_committee(read_ratings("examples/decisions/ratings.csv"))
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real JupyterLab over a notebook with every display, executed."""
    jupytext = pytest.importorskip("jupytext", reason="jupytext is not installed")
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")
    client = pytest.importorskip("nbclient", reason="nbclient is not installed")
    folder = tmp_path_factory.mktemp("lab")
    notebook = jupytext.reads(CELLS, "py:percent")
    client.NotebookClient(notebook, resources={"metadata": {"path": str(ROOT)}}).execute()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    # Trust goes by content: the strange one has to differ from the one that is trusted.
    strange = jupytext.reads(f"{CELLS}# %%\n'strange'\n", "py:percent")
    strange.metadata, strange.cells[:-1] = notebook.metadata, notebook.cells
    jupytext.write(strange, str(folder / "strange.ipynb"))
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder / "jupyter"))
    jupytext.write(notebook, str(folder / "trusted.ipynb"))
    trust = [sys.executable, "-m", "jupyter", "trust", str(folder / "trusted.ipynb")]
    subprocess.run(trust, check=True, capture_output=True)  # noqa: S603 - our own notebook
    port = 18_765
    words = ["-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    words += ["--expose-app-in-browser"]  # themes are changed by its own commands
    words += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603 - our own notebook
            [sys.executable, *words], stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urlopen(f"{address}/api", timeout=1).close()  # noqa: S310 - our own server
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(20)
        monkeypatch.undo()


@pytest.mark.parametrize("name", ["trusted", "strange"])
@pytest.mark.parametrize(
    "theme", ["JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast"]
)
def test_displays_can_be_read_in_a_notebook(
    browser: Browser, lab: str, theme: str, name: str
) -> None:
    """In JupyterLab, trusted or not, in each of its themes, axe finds nothing in any output."""
    page = browser.new_page(viewport={"width": 1200, "height": 5200})
    page.goto(f"{lab}/lab/tree/{name}.ipynb?reset")
    page.wait_for_selector(".jp-OutputArea-output .pmpromo", timeout=60_000)
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    page.wait_for_timeout(1500)
    keep_picture(page, f"lab-{name}-{theme.rpartition(' ')[2].lower()}")
    shown = page.locator(".jp-OutputArea-output .pmpromo").count()
    assert shown >= 10
    drawn = page.locator(".jp-OutputArea-output .pmpromo svg").count()
    assert (drawn > 0) == (name == "trusted")
    assert find_violations(page, ".jp-OutputArea-output") == []
    page.close()
