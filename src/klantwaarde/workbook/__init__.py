"""Workbooks: the protocol, reading files, drawing, grafting, saving."""
