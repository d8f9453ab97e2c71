"""``publish`` of a whole register, against Hugo that reads the same files and writes pages of them.

Hugo is given the YAML of each record as the front matter of a page, and what is said of it as
files beside the page; it writes the same three files of each: a page, its JSON and an advisory. It
judges nothing, and makes neither search nor lists of models, feeds and checksums.
"""

from __future__ import annotations

import datetime
import hashlib
import shutil
import subprocess
from pathlib import Path

from benchmarks.registers import NAMESPACE, ROOT
from benchmarks.signing import Signer
from defectreg.register.statement import statement_name
from defectreg.register.yamltext import dump

POLICY = """\
name: benchmark
show-without-fix-to-parties: show
search-level: model
certainty-threshold: suspected
impact-threshold: none
"""
"""By which every record is published."""
_CONFIGURATION = """\
baseURL = "https://example.invalid/"
languageCode = "en-gb"
title = "Register"
disableKinds = ["taxonomy", "term", "rss", "sitemap", "404"]
uglyURLs = true
[outputs]
page = ["html", "json", "csaf"]
home = ["html"]
section = ["html"]
[outputFormats.csaf]
mediaType = "application/json"
path = "csaf"
isPlainText = true
"""
_FRONT = """\
---
title: Register
cascade:
  build:
    publishResources: false
---
"""
_BASE = """\
<!doctype html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>{{ .Title }}: {{ site.Title }}</title>
<link rel="stylesheet" href="../style.css"></head>
<body>
<header><p><a href="../index.html">{{ site.Title }}</a></p></header>
<main id="content">{{ block "main" . }}{{ end }}</main>
<footer><h2>Disclaimer</h2><p>No recommendations are made or intended.</p></footer>
</body>
</html>
"""
_SAID = """{{ $said := slice }}{{ range .Resources.Match "*.yaml" }}\
{{ $said = $said | append (transform.Unmarshal .) }}{{ end }}"""
_PAGE = (
    '{{ define "main" }}'
    + _SAID
    + """\
<h1>{{ .Title }}</h1>
<p><code>{{ .Params.id }}</code> {{ .Params.kind }}</p>
<h2>Affected combinations</h2>
<ul>{{ range .Params.affected }}<li><code>{{ . }}</code></li>{{ end }}</ul>
<h2>What is observed</h2>
{{ range split .Params.behaviour "\\n" }}<p>{{ . }}</p>{{ end }}
{{ range split .Params.circumstances "\\n" }}<p>{{ . }}</p>{{ end }}
<h2>What is said</h2>
{{ range $said }}<article class="{{ .kind }}"><h3>{{ .kind }}</h3>
{{ with .says }}<p>{{ . }}</p>{{ end }}
<p>{{ .by }}, <time>{{ time.Format "2 January 2006" .date }}</time></p></article>
{{ end }}
<h2>Details</h2>
<dl>{{ range $key, $value := .Params }}<dt>{{ $key }}</dt><dd>{{ $value }}</dd>{{ end }}</dl>
<table><caption>Time-line</caption>
{{ range $said }}<tr><td>{{ .date }}</td><td>{{ .kind }}</td><td>{{ .by }}</td></tr>{{ end }}
</table>
{{ end }}
"""
)
_JSON = _SAID + '{"record": {{ .Params | jsonify }}, "statements": {{ $said | jsonify }}}\n'
_ADVISORY = (
    _SAID
    + """\
{{ $products := slice }}{{ range $at, $text := .Params.affected }}
{{ $products = $products | append (dict "name" $text "product_id" (printf "P%d" $at)) }}{{ end }}
{{ $notes := slice (dict "category" "legal_disclaimer" "text" "No recommendations are made.") }}
{{ range $said }}{{ with .says }}
{{ $notes = $notes | append (dict "category" "description" "text" .) }}{{ end }}{{ end }}
{{ dict "document" (dict "category" "csaf_informational_advisory" "csaf_version" "2.0"
  "title" .Title "notes" $notes "tracking" (dict "id" .Params.id "status" "final"))
  "product_tree" (dict "full_product_names" $products) | jsonify }}
"""
)
_LIST = """{{ define "main" }}<ol>{{ range site.RegularPages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <code>{{ .Params.id }}</code></li>{{ end }}</ol>
{{ end }}"""
_LAYOUTS = {
    "baseof.html": _BASE,
    "single.html": _PAGE,
    "single.json": _JSON,
    "single.csaf.json": _ADVISORY,
    "list.html": _LIST,
}


def hugo_site(register: Path, folder: Path) -> Path:
    """A site for Hugo of a register's files."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "layouts" / "_default").mkdir(parents=True)
    for name, text in _LAYOUTS.items():
        (folder / "layouts" / "_default" / name).write_text(text)
    (folder / "hugo.toml").write_text(_CONFIGURATION)
    (folder / "content" / "records").mkdir(parents=True)
    (folder / "content" / "_index.md").write_text(_FRONT)
    for path in register.glob("records/*/*.yaml"):
        bundle = folder / "content" / "records" / path.stem
        bundle.mkdir()
        (bundle / "index.md").write_text(f"---\n{path.read_text()}---\n")
        for said in path.with_suffix("").glob("*.yaml"):
            shutil.copy(said, bundle)
    return folder


def publisher_of(register: Path, folder: Path) -> Path:
    """A clone of a generated register in which every record is published.

    No Party there answers for a manufacturer, so none has to be told first.
    """
    if (folder / ".git" / "defectreg-generated").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _git("clone", "--quiet", "--shared", str(register), str(folder), folder=register)
    (folder / "policy" / "register.yaml").write_text(POLICY)
    for top in ("schema", "catalogue", "templates"):  # today's, whenever the register was made
        shutil.rmtree(folder / top)
        shutil.copytree(ROOT / top, folder / top)
    for path in (folder / "policy" / "parties").glob("maker-*.yaml"):
        lines = path.read_text().splitlines(keepends=True)
        at = next(at for at, line in enumerate(lines) if line.startswith("manufacturer-ids"))
        path.write_text("".join(lines[:at] + lines[at + 2 :]))
    commit(folder, "Everything is shown")
    (folder / ".git" / "defectreg-generated").touch()
    return folder


def change_one(register: Path, text: str) -> None:
    """Commit another text of one record, which its validator accepted."""
    path = min(register.glob("records/*/*.yaml"))
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("expected: ")]
    path.write_text("".join([*kept, f"expected: {text}\n"]))
    said = sorted(path.with_suffix("").glob("*.yaml"))
    read = [path, *(each for each in said if "-cause-" in each.name or "-fix-" in each.name)]
    day = datetime.datetime.now(tz=datetime.UTC).date()
    accept = {
        "of": path.stem,
        "kind": "sign-off",
        "by": "dcc",
        "date": day.isoformat(),
        "decision": "accept",
        "role": "validator",
        "data-correct": True,
        "fixes-checked": True,
        "presentation-consistent": True,
        "read": [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in read],
    }
    number = sum("-sign-off-dcc" in each.name for each in said) + 1
    file = path.with_suffix("") / statement_name(day, "sign-off", "dcc", number)
    file.write_bytes(Signer("dcc").signed(dump(accept).encode(), NAMESPACE))
    _git("add", "--", str(file), folder=register)
    commit(register, "One record")


def commit(folder: Path, message: str) -> None:
    """Commit all that differs in a work tree."""
    _git("add", "--all", "policy", "schema", "catalogue", "templates", folder=folder)
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.invalid")
    _git(*who, "commit", "--quiet", "--all", "--message", message, folder=folder)


def _git(*words: str, folder: Path) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True)
