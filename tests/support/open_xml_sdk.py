"""Microsoft's own validator of the format: the Open XML SDK, run on Linux by the .NET runtime that a package carries.

`python -m pip install ".[validate]"` brings all of it. The SDK's libraries are in one package and the runtime in another;
neither package's own program is run. pythonnet loads a runtime from a folder of a certain layout, which is made here.
"""

import json
import shutil
import tarfile
from importlib import metadata
from pathlib import Path

_SDK, _RUNTIME = "powerpoint-commenter", "python-redlines-ooxmlpowertools"
_LIBRARIES = ("System.IO.Packaging", "DocumentFormat.OpenXml.Framework", "DocumentFormat.OpenXml")
_FRAMEWORK = "Microsoft.NETCore.App"


def is_installed():
    """Return whether all of it is there."""
    try:
        for package in ("pythonnet", _SDK, _RUNTIME):
            metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def load_validator(folder):
    """Lay the runtime out in the folder, load it and return a function from a workbook's path to its errors.

    An error is (version of Office, part, where in it, what is wrong). A process can load the runtime once only.
    """
    libraries = _files(_SDK, ".dll")[f"{_LIBRARIES[-1]}.dll"].parent
    config = _lay_out(folder, {each.name for each in libraries.iterdir()})
    import pythonnet

    pythonnet.load("coreclr", runtime_config=str(config), dotnet_root=str(folder / "dotnet"))
    import clr

    for name in _LIBRARIES:
        clr.AddReference(str(libraries / f"{name}.dll"))
    from DocumentFormat.OpenXml import FileFormatVersions
    from DocumentFormat.OpenXml.Packaging import SpreadsheetDocument
    from DocumentFormat.OpenXml.Validation import OpenXmlValidator

    def errors_of(path):
        document = SpreadsheetDocument.Open(str(path), False)
        try:
            return [
                (
                    str(version),
                    str(each.Part.Uri) if each.Part else "",
                    each.Path.XPath if each.Path else "",
                    each.Description,
                )
                for version in (FileFormatVersions.Office2016, FileFormatVersions.Microsoft365)
                for each in OpenXmlValidator(version).Validate(document)
            ]
        finally:
            document.Dispose()

    return errors_of


def _files(package, suffix):
    """Return the paths of an installed package's files of that suffix, by their names."""
    return {each.name: Path(str(each.locate())) for each in metadata.files(package) or () if str(each).endswith(suffix)}


def _lay_out(folder, sdk_names):
    """Make a folder of .NET out of the package's self-contained program; return the configuration to load it with."""
    (archive,) = (each for name, each in _files(_RUNTIME, ".tar.gz").items() if "linux-x64" in name)
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    host = next((folder / "unpacked").rglob("libhostfxr.so"))
    options = json.loads(next(host.parent.glob("*.runtimeconfig.json")).read_text(encoding="utf-8"))["runtimeOptions"]
    version = options["includedFrameworks"][0]["version"]
    shared = folder / "dotnet" / "shared" / _FRAMEWORK / version
    resolver = folder / "dotnet" / "host" / "fxr" / version
    for each in (shared, resolver):
        each.mkdir(parents=True)
    shutil.copy(host, resolver)
    listed = {"runtime": {}, "native": {}}
    for file in sorted(host.parent.iterdir()):
        if (
            file.suffix in (".dll", ".so")
            and file.name not in sdk_names
            and not file.name.startswith("DocumentFormat.")
        ):
            shutil.copy(file, shared)
            kind = "runtime" if file.suffix == ".dll" else "native"
            numbers = {"assemblyVersion": version.split(".")[0] + ".0.0.0"} if kind == "runtime" else {}
            listed[kind][file.name] = numbers | {"fileVersion": "0.0.0.0" if kind == "native" else "8.0.0.0"}
    target, library = ".NETCoreApp,Version=v8.0/linux-x64", f"{_FRAMEWORK}.Runtime.linux-x64/{version}"
    dependencies = {
        "runtimeTarget": {"name": target, "signature": ""},
        "targets": {".NETCoreApp,Version=v8.0": {}, target: {library: listed}},
        "libraries": {library: {"type": "package", "serviceable": True, "sha512": ""}},
    }
    (shared / f"{_FRAMEWORK}.deps.json").write_text(json.dumps(dependencies), encoding="utf-8")
    config = folder / "runtimeconfig.json"
    chosen = {
        "tfm": "net8.0",
        "framework": {"name": _FRAMEWORK, "version": version},
        "configProperties": {"System.Globalization.Invariant": True},
    }
    config.write_text(json.dumps({"runtimeOptions": chosen}), encoding="utf-8")
    return config
