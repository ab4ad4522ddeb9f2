"""Templates stand where their blueprint and view say, mails have their three files, nothing is inline."""

import ast
import re

from tests.house.reading import TEMPLATES, chapters, line_of, modules, nothing, templates, views
from workflow.mail.outbox import Kind

SHARED = ("_parts/", "errors/", "mail/", "base")
NAME = re.compile(r"[a-z_]+(?:/[a-z0-9_]+)*\.(?:html|txt|xml)")
INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a script address": re.compile(r"javascript\s*:", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\btype=\"application/ld\+json\")(?![^>]*\bsrc=)[^>]*>", re.I),
    "a script that is no module": re.compile(r"<script\b(?=[^>]*\bsrc=)(?![^>]*\btype=\"module\")[^>]*>", re.I),
}
# `{% … %}` and `{{ … }}` hold comparisons and quotes that would end a tag too early.
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.S)


def named() -> list[tuple[str, str, int]]:
    """Every template that `workflow.web` names: template, module, line."""
    return [
        (node.value, module.path, node.lineno)
        for module in modules()
        if module.room == "web"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    ]


def test_every_rendered_template_stands_under_its_blueprint_and_view():
    found = chapters()
    by_path = {module.path: name for name, written in found.items() for module in written}
    allowed = {(name, view.name) for name, written in found.items() for module in written for view in views(module)}
    assert len(found) >= 5
    pages = [entry for entry in named() if not entry[0].startswith(SHARED)]
    assert len(pages) >= 15
    wrong = []
    for template, path, line in pages:
        folder, _, file = template.rpartition("/")
        if (folder, file.partition(".")[0]) not in allowed:
            wrong.append(f"{path}:{line} {template}: no view of that name")
        if path in by_path and folder != by_path[path]:
            wrong.append(f"{path}:{line} {template}: not of this blueprint")
    nothing(wrong)


def test_every_named_template_exists_and_every_template_is_used():
    used = {template for template, _, _ in named()}
    missing = sorted(template for template in used if not (TEMPLATES / template).is_file())
    nothing(missing)
    inner = set()
    for _, text in templates():
        inner |= set(re.findall(r"""(?:extends|include|from|import)\s+["']([^"']+)["']""", text))
    unused = [name for name, _ in templates() if name not in used | inner and not name.startswith(("mail/", "errors/"))]
    nothing(unused)


def test_every_kind_of_letter_has_its_three_files():
    assert len(Kind) >= 8
    missing = [
        f"mail/{kind}/{file}"
        for kind in Kind
        for file in ("subject.txt", "body.txt", "body.html")
        if not (TEMPLATES / "mail" / kind / file).is_file()
    ]
    nothing(missing)
    folders = {path.name for path in (TEMPLATES / "mail").iterdir() if path.is_dir() and path.name[0] != "_"}
    assert folders - set(Kind) == set(), "files for a kind that does not exist"


def test_nothing_is_inline():
    looked_at = templates("*.html")
    assert len(looked_at) >= 30
    found = []
    for name, text in looked_at:
        plain = JINJA.sub(lambda match: re.sub(r"[^\n]", "_", match.group()), text)
        for what, pattern in INLINE.items():
            found += [f"templates/{name}:{line_of(plain, m.start())} has {what}" for m in pattern.finditer(plain)]
    nothing(found)


def test_what_is_inline_is_seen():
    samples = {
        "a style attribute": '<p class="a" style="x">',
        "a style element": "<style>",
        "an event handler": '<a href="/" onclick="x()">',
        "a script address": '<a href="javascript:x">',
        "an inline script": "<script>x()</script>",
        "a script that is no module": '<script src="/x.js"></script>',
    }
    for what, sample in samples.items():
        assert INLINE[what].search(sample), what
    harmless = '<script type="module" src="/x.js"></script><script type="application/ld+json">{}</script>'
    assert not any(pattern.search(harmless) for pattern in INLINE.values())


PROBLEMS = re.compile(r"\{\{-?\s*(?:error_summary|code_problem)\(.*?\}\}", re.S)
# What shows parts, and what they are made of, is no page with a form.
PARTS_AND_SHOW = ("_parts/", "style/")


def under_the_heading(before: str) -> str | None:
    """Of the beginning of a page what stands below its last h1, or below the head that holds it; None without one."""
    heading = before.rfind("<h1")
    if heading < 0:
        return None
    head = before.rfind('<div class="page-head">', 0, heading)
    depth = 0
    for tag in re.finditer(r"<(/?)div\b[^>]*>", before[head:]) if head >= 0 else ():
        depth += -1 if tag[1] else 1
        if depth == 0:
            return before[head + tag.end() :]
    return before[before.rfind("</h1>") + len("</h1>") :]


def test_problems_stand_on_every_page_directly_below_its_heading():
    wrong, seen = [], 0
    for name, text in templates():
        for found in () if name.startswith(PARTS_AND_SHOW) else PROBLEMS.finditer(text):
            seen += 1
            between = under_the_heading(text[: found.start()])
            # Choices between two of them, and what is only set, show nothing.
            rest = re.sub(r"\{%-?\s*(?!call|include).*?%\}|\{#.*?#\}", "", PROBLEMS.sub("", between or ""), flags=re.S)
            if between is None or rest.strip():
                wrong.append(f"{name}: {' '.join(rest.split())[:80]}")
    assert seen >= 40
    nothing(wrong)
