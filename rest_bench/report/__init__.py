"""Step 8 of 9: what people see of a run, in the terminal."""
