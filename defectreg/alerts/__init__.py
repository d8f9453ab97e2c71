"""Superfluous Alerts: with which combinations they are correlated; whether a fix changed it."""
