"""The inventory: immutable snapshots of what is known of Devices, outside git."""
