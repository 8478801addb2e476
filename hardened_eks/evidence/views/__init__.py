"""Look-ups that several controls share, in modules named after their subject."""
