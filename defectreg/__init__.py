"""A shared register of issues, defects and fixes of smart-metering Devices, kept in git."""

__version__ = "0.1.0"
