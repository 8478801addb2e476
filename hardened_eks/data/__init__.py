"""Facts with their sources: data files and their loaders, which constructs and controls share."""
