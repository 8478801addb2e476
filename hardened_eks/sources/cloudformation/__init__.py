"""CloudFormation templates as JSON or YAML, with the line of everything."""
