"""Run cells in a real Jupyter kernel, and print the notebook with its outputs: `python -m tests.flow.kernel`.

A process of its own, so that no warning of the machinery around a kernel is one of the tests'. A kernel's local
interrupt is SIGINT, which a cell may send to itself.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_cells(cells, folder):
    """The outputs of each cell, as nbformat has them."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONDEVMODE", "PYTHONWARNINGS")}
    env |= {
        "PYTHONPATH": str(ROOT),
        "MJASYNC_LOCKS": str(folder / "locks"),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.flow.kernel"],
        input=json.dumps(cells),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=env,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def printed(outputs):
    """What a cell printed, in however many pieces it came."""
    return "".join(output["text"] for output in outputs if output["output_type"] == "stream")


def main():
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in json.load(sys.stdin)])
    manager = AsyncKernelManager(transport="ipc" if os.name == "posix" else "tcp")
    command = [sys.executable, "-W", "ignore", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager._kernel_spec = KernelSpec(argv=command, display_name="ours", language="python")
    NotebookClient(notebook, km=manager, timeout=60, allow_errors=True).execute()
    print(json.dumps([cell.outputs for cell in notebook.cells]))


if __name__ == "__main__":
    main()
