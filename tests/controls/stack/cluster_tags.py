from hardened_eks.controls.stack import cluster_tags
from tests.controls.cases import Case
from tests.controls.stack.base import CLUSTER, listed

CASE = Case(cluster_tags, **listed(CLUSTER))
