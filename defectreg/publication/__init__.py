"""What leaves the register: pages and exports under the disclaimer."""
