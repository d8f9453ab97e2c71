"""How it is asked: the commands, one file for each section of the list, no logic."""
