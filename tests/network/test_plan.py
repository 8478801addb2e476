from ipaddress import IPv4Network
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from hardened_eks.network._plan import cidr_problems, plan, smallest


@given(data=st.data(), zones=st.integers(2, 6), pods=st.booleans())
def test_subnets_lie_inside_and_apart(data: st.DataObject, zones: int, pods: bool) -> None:
    prefix = data.draw(st.integers(16, smallest(zones, nat=True)))
    vpc = f"10.0.0.0/{prefix}"
    blocks = ["100.64.0.0/16"] if pods else []
    assert list(cidr_problems(vpc, blocks, zones, nat=True)) == []
    layout = plan(vpc, blocks, zones)
    inside = [*layout.nodes, *layout.control_plane, *layout.public]
    networks = [IPv4Network(block) for block in (*inside, *(b for zone in layout.pods for b in zone))]
    assert all(IPv4Network(block).subnet_of(IPv4Network(vpc)) for block in inside)
    assert not [pair for pair in combinations(networks, 2) if pair[0].overlaps(pair[1])]
    assert len(layout.nodes) == len(layout.control_plane) == len(layout.public) == len(layout.pods) == zones
    assert {block.split("/")[1] for block in layout.control_plane} == {"28"}


def test_smallest_vpc() -> None:
    assert (smallest(3, nat=False), smallest(3, nat=True), smallest(6, nat=True)) == (24, 23, 21)
