"""Where rows come from besides a workbook."""
