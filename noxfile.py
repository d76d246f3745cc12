"""The project's habits, each a command: `nox -s quick` (`nox --list` says what there is).

`--no-venv` uses the Python that runs nox, with what is installed there.
"""

import nox

nox.options.sessions = ["lint", "quick"]
nox.options.default_venv_backend = "venv"

TESTS = ("-n", "auto", "--dist", "loadfile")


def install(session: nox.Session) -> None:
    """Install the pinned requirements and the project, where the session has an environment of its own."""
    if session.virtualenv.is_sandboxed:
        session.install("--require-hashes", "-r", "requirements/dev.txt")
        session.install("--no-deps", "-e", ".")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting, spelling, types and the order of the layers."""
    install(session)
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("codespell")
    session.run("mypy")
    session.run("lint-imports")


@nox.session
def quick(session: nox.Session) -> None:
    """Run the tests that take less than about a second each."""
    install(session)
    session.run("python", "-m", "pytest", "-m", "not slow", *TESTS, *session.posargs)


@nox.session
def test(session: nox.Session) -> None:
    """Run all tests, as README's command runs them."""
    install(session)
    session.run("python", "-m", "pytest", *TESTS, *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the quick tests and fail where they reach less of the program than pyproject.toml wants."""
    install(session)
    quick = ("python", "-m", "pytest", "-q", "-m", "not slow", *TESTS)
    session.run(*quick, "--cov", "--cov-report=term:skip-covered", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Make the pages and files that are made from others, pictures left out."""
    install(session)
    for script in ("findings", "handbook", "example"):
        session.run("python", f"docs/{script}.py")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmark of docs/performance.md."""
    install(session)
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def kit(session: nox.Session) -> None:
    """Build the wheel, and the kit for PCs without internet, in dist/."""
    install(session)
    session.run("python", "-m", "pip", "wheel", "--no-deps", "--wheel-dir", "dist", ".")
    session.run("python", "-m", "kama_excel", "kit", "dist")


@nox.session
def lock(session: nox.Session) -> None:
    """Pin the newest development requirements in requirements/dev.txt, with hashes."""
    session.run(
        "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade",
        "--extra", "test", "--group", "dev", "--no-header", "--no-emit-index-url", "--no-annotate",
        "pyproject.toml", "--output-file", "requirements/dev.txt",
    )  # fmt: skip
