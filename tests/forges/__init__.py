"""What a new register brings for GitLab and GitHub, run as they would run it."""
