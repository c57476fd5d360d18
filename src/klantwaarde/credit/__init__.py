"""Credit: what is open and overdue, how customers pay, who is a risk, what will be lost, and what all of it costs."""
