"""Bulk actions on products: the changes themselves, the job that makes them, and their doors in the admin."""
