"""The report as data: what stands where, in which words; adapters draw it."""
