"""The wheel carries everything: built, installed with the locked packages into an empty place, it works
there, with a Word file read and a PDF set."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.ground.required import leave_out
from tests.house.reading import ROOT, files, nothing
from tests.text.word_files import para, run, word_file

CARRIED = ("templates", "static", "translations", "migrations", "typesetting")
ASK = """
from pathlib import Path
from workflow import config
from workflow.app import create_app
assert config.TREE.is_relative_to(Path({place!r})), config.TREE
app = create_app(config.from_environment())
answer = app.test_client().get("/", headers={{"Host": "127.0.0.1"}})
from workflow.text.bringing import read_brought
brought = read_brought(Path({word!r}).read_bytes()).edition
assert (brought.headline, brought.body) == ("A headline", "**Bold**."), brought
from workflow.clock import now
from workflow.formats.pdf import Setting, pdf_file
assert pdf_file(brought, Setting(at=now(), mark="DRAFT"), str).startswith(b"%PDF-")
print(answer.status_code, len(answer.data))
"""


def _uv() -> Path:
    own = ROOT / ".tools" / "bin" / "uv"
    found = str(own) if own.exists() else shutil.which("uv")
    if not found:
        leave_out("no uv to build and install the wheel with")
    return Path(found)


def _run(*command: str | Path, cwd: Path, **more: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WORKFLOW_", "UV_PROJECT"))}
    for name in ("PYTHONPATH", "VIRTUAL_ENV"):
        kept.pop(name, None)
    answer = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=kept | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert answer.returncode == 0, f"{command}: {answer.stdout[-1500:]}{answer.stderr[-1500:]}"
    return answer.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    _run(_uv(), "build", "--quiet", "--wheel", "--python", sys.executable, "--out-dir", out, ROOT, cwd=out)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_carries_pages_styles_translations_and_migrations(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {}
    for path in files():
        relative = path.relative_to(ROOT)
        if relative.parts[0] in CARRIED:
            wanted.setdefault(relative.parts[0], set()).add(f"workflow/_tree/{relative.as_posix()}")
        elif relative.parts[0] == "workflow":
            wanted.setdefault("workflow", set()).add(relative.as_posix())
    assert set(wanted) == {*CARRIED, "workflow"}
    nothing(set().union(*wanted.values()) - inside)
    assert any(name.endswith(".mo") for name in inside)
    assert not any(name.startswith("tests/") or name.endswith((".pyc", ".sqlite3")) for name in inside)


def test_the_wheel_installed_elsewhere_works(wheel, tmp_path):
    uv, place = _uv(), tmp_path / "venv"
    _run(uv, "venv", "--quiet", "--python", sys.executable, place, cwd=tmp_path)
    _run(
        uv,
        "export",
        "--quiet",
        "--frozen",
        "--no-dev",
        "--no-emit-project",
        "-o",
        tmp_path / "locked.txt",
        cwd=ROOT,
    )
    install = [uv, "pip", "install", "--quiet", "--python", place / "bin" / "python"]
    _run(*install, "--require-hashes", "-r", tmp_path / "locked.txt", cwd=tmp_path)
    _run(*install, "--no-deps", wheel, cwd=tmp_path)

    command = place / "bin" / "workflow"
    told = _run(command, "--help", cwd=tmp_path)
    assert [word for word in ("run", "web", "worker", "migrate", "demo", "circulate") if word not in told] == []
    demo = {"WORKFLOW_DEMO": "1", "WORKFLOW_DATA_DIR": str(tmp_path / "data"), "HOME": str(tmp_path)}
    _run(command, "migrate", cwd=tmp_path, **demo)
    assert (tmp_path / "data" / "undersigned.sqlite3").stat().st_size > 0
    word = tmp_path / "release.docx"
    word.write_bytes(word_file(para("A headline", style="Title"), para(run("Bold", "b"), ".")))
    ask = ASK.format(place=str(place), word=str(word))
    answer = _run(place / "bin" / "python", "-c", ask, cwd=tmp_path, **demo)
    assert answer.startswith("200 ")
