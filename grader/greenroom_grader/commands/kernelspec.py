"""``greenroom kernelspec``: install the kernel that runs in the sandbox, for nbclient, nbconvert and nbgrader."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from jupyter_client.kernelspec import KernelSpecManager

from greenroom_grader.errors import UsageError

PROVISIONER = "greenroom-sandbox"


def kernelspec(
    name: Annotated[
        str, typer.Option(help="Its name; python3 replaces the kernel that most notebooks ask for.")
    ] = PROVISIONER,
    prefix: Annotated[
        Path | None, typer.Option(help="Install below this folder's share/jupyter; default: this environment.")
    ] = None,
    memory_mb: Annotated[int, typer.Option(min=64, help="Memory of a kernel and all that it starts, in MiB.")] = 512,
    cpu_seconds: Annotated[float, typer.Option(min=0.1, help="CPU time of one cell.")] = 60.0,
    output_kb: Annotated[int, typer.Option(min=16, help="Output of one cell, in KiB.")] = 4096,
) -> None:
    """Install a kernelspec whose kernels run in single-use sandboxes."""
    config = {"memory_mb": memory_mb, "cpu_seconds": cpu_seconds, "output_kb": output_kb}
    typer.echo(install(name, prefix or Path(sys.prefix), config))
    typer.echo(f"jupyter nbconvert --execute --ExecutePreprocessor.kernel_name={name} NOTEBOOK.ipynb --to notebook")
    typer.echo(f"nbgrader autograde ASSIGNMENT --ExecutePreprocessor.kernel_name={name}")


def install(name: str, prefix: Path, config: dict[str, int | float]) -> Path:
    """Write the kernelspec below ``prefix``, in place of one that has its name; returns its folder.

    Raises:
        UsageError: the name is none that a kernel can have, or the folder cannot be written.
    """
    spec = {
        # Nothing starts this: the provisioner clones a kernel that is warm already.
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3 (sandbox)",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": config}, "debugger": False},
    }
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(spec, indent=1) + "\n", encoding="utf-8")
        try:
            installed: str = KernelSpecManager().install_kernel_spec(folder, name, prefix=str(prefix))
        except (ValueError, OSError) as error:
            raise UsageError(f"the kernelspec cannot be installed below {prefix}: {error}") from error
    return Path(installed)
