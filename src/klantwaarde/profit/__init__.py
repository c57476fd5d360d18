"""What every customer earns: the statement, its roll-ups, the curve, the bridge and the tie-out with the ledger."""
