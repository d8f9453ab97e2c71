"""What an import keeps outside git, and how it is one step with what it enters."""
