"""From the ledger to the cost of every handling for every customer."""
