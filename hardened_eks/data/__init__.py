"""Facts with their source: plain files and pure loaders, used by the constructs and by the controls."""
