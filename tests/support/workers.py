"""Reading processes that misbehave: a module of the test in the place of `kama_excel.inbox.worker`."""

from kama_excel.inbox import sandbox


def run_as_worker(monkeypatch, folder, code):
    """Let reading processes run `code`, which may end with `worker.main()`."""
    (folder / "misbehaving_worker.py").write_text(f"from kama_excel.inbox import worker\n{code}", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.setattr(sandbox, "WORKER", "misbehaving_worker")
