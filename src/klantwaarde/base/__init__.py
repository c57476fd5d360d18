"""The customer base: who is in it, who came, left and came back, what that is worth, and where attention goes."""
