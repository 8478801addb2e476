"""What AWS Lambda runs for the hook: from an event of CloudFormation to an answer, by the controls of the catalog."""
