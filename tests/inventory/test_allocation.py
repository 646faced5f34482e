from hypothesis import given
from hypothesis import strategies as st

from shop.inventory.allocation import Shelf, allocate_demand, stock_status

shelves = st.lists(st.tuples(st.integers(-20, 50), st.booleans()), min_size=0, max_size=6).map(
    lambda rows: [
        Shelf(stock_item_id=pk, free=free, allows_backorder=more) for pk, (free, more) in enumerate(rows)
    ]
)


@given(quantity=st.integers(1, 120), held=shelves)
def test_an_allocation_adds_up_to_the_demand_and_overdraws_no_shelf_that_may_not_be(quantity, held):
    taken = allocate_demand(quantity, held)

    by_id = {shelf.stock_item_id: shelf for shelf in held}
    if taken is None:
        assert sum(max(shelf.free, 0) for shelf in held) < quantity
        assert not any(shelf.allows_backorder for shelf in held)
    else:
        assert sum(taken.values()) == quantity
        assert all(part > 0 for part in taken.values())
        overdrawn = [pk for pk, part in taken.items() if part > by_id[pk].free]
        assert len(overdrawn) <= 1
        assert all(by_id[pk].allows_backorder for pk in overdrawn)


@given(quantity=st.integers(1, 120), held=shelves)
def test_one_parcel_goes_out_wherever_one_shelf_holds_it_all(quantity, held):
    if any(shelf.free >= quantity for shelf in held):
        first = next(shelf for shelf in held if shelf.free >= quantity)

        assert allocate_demand(quantity, held) == {first.stock_item_id: quantity}


def test_the_status_is_named_in_the_words_of_the_contract():
    assert stock_status(free=6, low_from=5, allows_backorder=False) == "in_stock"
    assert stock_status(free=5, low_from=5, allows_backorder=False) == "low"
    assert stock_status(free=0, low_from=5, allows_backorder=False) == "out_of_stock"
    assert stock_status(free=-2, low_from=5, allows_backorder=True) == "backorder"
