"""What customers are worth: lifetime value by formula and by probability model, customer equity and how it moves."""
