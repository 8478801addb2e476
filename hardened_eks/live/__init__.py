"""What asks AWS: needs boto3 and credentials."""
