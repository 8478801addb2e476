"""A running account as evidence: what each cluster uses, and what watches over the account, asked by read-only calls.

One module a service. `reading.read` asks one Region of an account, `hardened_eks.sources.saved` keeps the answer in a
file. Of the package, this part asks by botocore, and the command line's `data` commands by boto3.
"""
