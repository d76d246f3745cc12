"""Reading processes that misbehave: a module of the test in the place of `kama_excel.inbox.worker`."""

import secrets
import sys

from kama_excel.inbox import sandbox


def run_as_worker(monkeypatch, folder, code):
    """Let reading processes run `code`, which may end with `worker.main()`."""
    name = f"misbehaving_{secrets.token_hex(4)}"
    # the kit's Python takes no path from the environment: there the module is put where it looks, in a copied clone
    place = sandbox.PACKAGE_ROOT if sys.flags.isolated else folder
    (place / f"{name}.py").write_text(f"from kama_excel.inbox import worker\n{code}", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(sandbox, "WORKER", name)
