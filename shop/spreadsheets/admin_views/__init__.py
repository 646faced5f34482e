"""The screens of import and export."""
