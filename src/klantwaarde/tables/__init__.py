"""The input tables: declared once, read from raw cells, every fault with its address."""
