"""Commands that the tests of the command list call: the shape of a module of ``defectreg.cli``."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def zeta(name: str = typer.Argument("nobody")) -> None:
    """Greet NAME."""
    print(f"hello {name}")


@app.command()
def alpha() -> None:
    """Do nothing."""
