"""What a register is judged by: its own schemas, policy, Parties and catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from defectreg.register.catalogue import Catalogue, parse_catalogue
from defectreg.register.errors import CannotRun
from defectreg.register.findings import Finding, Problem, Severity
from defectreg.register.parties import Parties, Party
from defectreg.register.policy import Policy
from defectreg.register.schema import Schema, Validator, check_schema

if TYPE_CHECKING:
    from defectreg.register.shapes import Shape
    from defectreg.register.yamltext import Document, Value, YamlError

POLICY_FILE = "policy/register.yaml"
PARTIES_FOLDER = "policy/parties/"
CATALOGUE = "catalogue/"
LARGEST_CATALOGUE = 4 * 1024 * 1024
"""Bytes of one catalogue file; a list of products outgrows what a record may be."""
SCHEMAS = ("record", "statement", "party", "policy")


@dataclass(frozen=True)
class Grounds:
    """The schemas, policy, Parties and catalogue of one commit or work tree."""

    schemas: Mapping[str, Schema]
    """By the names of SCHEMAS."""
    policy: Policy
    parties: Parties
    catalogue_files: Mapping[str, bytes]
    schema_files: Mapping[str, bytes] = field(default_factory=dict)
    """Every schema by its path, those included that only the gate asks for."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue; an empty one where its files are wrong, as ``check_catalogue`` says."""
        from defectreg.register.yamltext import YamlError

        try:
            return _catalogue(self.catalogue_files)
        except (YamlError, ValueError):
            return Catalogue({}, {}, {}, {}, ())

    @cached_property
    def validators(self) -> Mapping[str, Validator]:
        """By the names of SCHEMAS."""
        return {name: Validator(schema) for name, schema in self.schemas.items()}

    @cached_property
    def shapes(self) -> Mapping[str, Shape]:
        """By the names of SCHEMAS: what content rules ask of their annotations."""
        from defectreg.register.shapes import Shape

        return {name: Shape.of(schema) for name, schema in self.schemas.items()}

    def held(
        self, name: str, path: str, source: bytes
    ) -> tuple[dict[str, Value] | None, list[Finding]]:
        """The data of a file that holds against the schema of this name, else what is wrong."""
        schema = self.schemas.get(name) or _schema(self.schema_files, name)
        findings: list[Finding] = []
        return _checked(path, source, Validator(schema), findings), findings


def is_ground(path: str) -> bool:
    """Whether a path is one that ``read_grounds`` wants to see."""
    return (
        path == POLICY_FILE
        or (path.startswith((PARTIES_FOLDER, CATALOGUE)) and path.endswith(".yaml"))
        or (path.startswith("schema/") and path.endswith(".schema.json"))
    )


def read_grounds(files: Mapping[str, bytes]) -> tuple[Grounds, list[Finding]]:
    """The grounds that these files say, and what is wrong in them.

    A Party's file with a finding is left out; raises CannotRun where schema or policy are not
    there or not valid, since nothing can be judged then.
    """
    schemas = {name: _schema(files, name) for name in SCHEMAS}
    findings: list[Finding] = []
    policy = _policy(files, schemas["policy"])
    parties = dict(_parties(files, schemas["party"], findings))
    catalogue = {path: source for path, source in files.items() if path.startswith(CATALOGUE)}
    others = {path: source for path, source in files.items() if path.startswith("schema/")}
    return Grounds(schemas, policy, Parties(parties), catalogue, others), findings


def check_catalogue(grounds: Grounds) -> Iterator[Finding]:
    """What is wrong in the catalogue's files: the first of it."""
    from defectreg.register.yamltext import YamlError, load

    for path, source in sorted(grounds.catalogue_files.items()):
        try:
            load(source, largest=LARGEST_CATALOGUE)
        except YamlError as error:
            yield finding_of(path, error)
            return
    try:
        _catalogue(grounds.catalogue_files)
    except ValueError as error:
        yield Finding(CATALOGUE, 1, 1, "S009", "error", str(error))


def finding_at(
    file: str, document: Document, code: str, problem: Problem, severity: Severity = "error"
) -> Finding:
    """One problem of a document as a finding at its place; an unknown key at the key."""
    place = (
        document.key_position(problem.path) if code == "S001" else document.position(problem.path)
    )
    return Finding(file, place.line, place.column, code, severity, problem.sentence, problem.hint)


def finding_of(file: str, error: YamlError) -> Finding:
    """What keeps a file from being read, as a finding."""
    return Finding(file, error.line, error.column, error.code, "error", error.sentence, error.hint)


def _schema(files: Mapping[str, bytes], name: str) -> Schema:
    path = f"schema/{name}.schema.json"
    if path not in files:
        raise CannotRun(f"{path} is missing", "is this a register? `defectreg init DIR` starts one")
    try:
        document = json.loads(files[path])
    except ValueError as error:
        raise CannotRun(f"{path} is not JSON: {error}", "restore it from git") from error
    if not isinstance(document, dict):
        raise CannotRun(f"{path} is no schema", "restore it from git")
    problem = next(check_schema(document), None)
    if problem:
        place = "/".join(map(str, problem.path))
        raise CannotRun(f"{path} at {place or 'its top'}: {problem.sentence}", "mend the schema")
    return Schema(document)


def _policy(files: Mapping[str, bytes], schema: Schema) -> Policy:
    if POLICY_FILE not in files:
        raise CannotRun(
            f"{POLICY_FILE} is missing",
            "a register needs at least a line `name: …` there; `defectreg init DIR` starts one",
        )
    found: list[Finding] = []
    data = _checked(POLICY_FILE, files[POLICY_FILE], Validator(schema), found)
    if data is None:
        first = found[0]
        raise CannotRun(
            f"{first.file}:{first.line}:{first.column}: {first.sentence}",
            first.hint or "`git log -p policy/register.yaml` shows what stood there before",
        )
    return Policy.parse(data, schema)


def _checked(
    path: str, source: bytes, validator: Validator, findings: list[Finding]
) -> dict[str, Value] | None:
    from defectreg.register.yamltext import YamlError, load

    try:
        document = load(source)
    except YamlError as error:
        findings.append(finding_of(path, error))
        return None
    data = validator.schema.coerced(document.data)
    problems = list(validator.problems(data))
    findings.extend(finding_at(path, document, code, problem) for code, problem in problems)
    return None if problems else data


def _parties(
    files: Mapping[str, bytes], schema: Schema, findings: list[Finding]
) -> Iterator[tuple[str, Party]]:
    validator = Validator(schema)
    for path in sorted(path for path in files if path.startswith(PARTIES_FOLDER)):
        slug = path.removeprefix(PARTIES_FOLDER).removesuffix(".yaml")
        data = _checked(path, files[path], validator, findings)
        if data is None:
            continue
        try:
            yield slug, Party.parse(slug, data)
        except ValueError as error:
            findings.append(Finding(path, 1, 1, "S005", "error", f"a key is none: {error}"))


def _catalogue(files: Mapping[str, bytes]) -> Catalogue:
    from defectreg.register.yamltext import load

    return parse_catalogue(
        {
            path.removeprefix(CATALOGUE): load(source, largest=LARGEST_CATALOGUE).data
            for path, source in files.items()
        }
    )
