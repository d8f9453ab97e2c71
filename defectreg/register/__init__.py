"""What is true: pure values and functions, without files, clock or network."""
