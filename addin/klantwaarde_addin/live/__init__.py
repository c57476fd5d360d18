"""A workbook that is open in Excel, read and written through xlwings' public API.

Only the part of that API is used that the desktop engine and the remote engine of xlwings Server share; what a host
lacks is left out (``host.optional``). Everything is read first and written last, in whole ranges: the number of calls
to Excel depends on the sheets and tables of a report, not on their rows.
"""
