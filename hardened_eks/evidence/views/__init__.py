"""What several controls look up, each in the module named after what it is about."""
