"""What `notify` does: letters gathered, prepared, drafted or sent, and told."""
