"""What candidates are judged by in these tests: the clone's schemas and catalogue."""

from __future__ import annotations

from functools import cache
from typing import Any

from defectreg.register.grounds import Grounds, read_grounds
from defectreg.register.schema import Schema
from defectreg.register.yamltext import dump
from tests.registers import ROOT

_PARTIES: dict[str, dict[str, Any]] = {
    "supplier-one": {"name": "Supplier One", "category": "large-supplier"},
    "ssc": {
        "name": "Security Sub-Committee",
        "category": "ssc",
        "mailbox": "security@ssc.example",
        "people": [
            {
                "pseudonym": "someone",
                "roles": ["security"],
                "keys": [
                    {
                        "key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
                        "AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
                    }
                ],
            }
        ],
    },
}


@cache
def _files() -> dict[str, bytes]:
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder, pattern in (("schema", "*.schema.json"), ("catalogue", "*.yaml"))
        for path in (ROOT / folder).glob(pattern)
    }
    for slug, data in _PARTIES.items():
        files[f"policy/parties/{slug}.yaml"] = dump(data).encode()
    return files


def grounds(**switches: Any) -> Grounds:
    """The grounds of a register with these switches; ``_`` in a name is ``-``."""
    policy = {"name": "for-tests"} | {key.replace("_", "-"): v for key, v in switches.items()}
    found, findings = read_grounds({**_files(), "policy/register.yaml": dump(policy).encode()})
    assert findings == []
    return found


def schema(name: str) -> Schema:
    """One of the clone's schemas."""
    return grounds().schemas[name]
