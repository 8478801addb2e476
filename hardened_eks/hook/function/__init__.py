"""The code that AWS Lambda runs for the hook: it answers events of CloudFormation with the controls of the catalog."""
