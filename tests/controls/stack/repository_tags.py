from hardened_eks.controls.stack import repository_tags
from tests.controls.cases import Case
from tests.controls.stack.base import REPOSITORY, listed

CASE = Case(repository_tags, **listed(REPOSITORY))
