"""What belongs to the account or the organization, not to one cluster."""
