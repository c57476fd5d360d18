"""Klantwaarde in Excel: the functions, the commands behind the ribbon, and everything that brings them there.

Only this package knows xlwings. The arithmetic is in ``klantwaarde``; what stands here converts, declares and shows.
"""
