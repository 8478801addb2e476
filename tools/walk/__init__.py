"""Walk through the tutorials as a new user does: `make walk`.

The commands, the files and the expected output come from the built pages of the site. There is no copy of them here.
The walk begins with an empty home, an empty folder and an empty environment. It uses a terminal, because `cdk deploy`
asks a question only there.
"""
