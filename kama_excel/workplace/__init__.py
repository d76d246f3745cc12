"""The working folder of a city: what is laid out in it, once, and left alone ever after."""

from kama_excel.workplace.folder import READ_FIRST, LaidOut, lay_out

__all__ = ["READ_FIRST", "LaidOut", "lay_out"]
