"""The offline kit: the program for a PC without internet, as a zip to unpack and as a wheelhouse.

It is built where there is internet and carried over. Every file that comes from elsewhere is checked against a hash:
the dependencies against `windows.txt`, Windows' Python against `windows-python.txt` or the hash that is given.
"""

from kama_excel.kit.build import PythonZip, build_kit, build_wheelhouse
from kama_excel.kit.wheels import KitError

__all__ = ["KitError", "PythonZip", "build_kit", "build_wheelhouse"]
