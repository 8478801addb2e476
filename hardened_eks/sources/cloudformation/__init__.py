"""CloudFormation templates as JSON or YAML, with line numbers."""
