"""The working folder of a city: what is laid out in it, once, and left alone ever after."""

from kama_excel.workplace.folder import LaidOut, lay_out

__all__ = ["LaidOut", "lay_out"]
