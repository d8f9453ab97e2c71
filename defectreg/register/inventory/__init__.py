"""The Smart Metering Inventory as values: identifiers, ESME Variants, requests, and who may."""
