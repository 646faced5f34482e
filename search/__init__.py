"""The read side: index rows of public products, and the selectors that every surface shares."""
