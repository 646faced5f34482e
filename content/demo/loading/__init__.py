"""Turn the files of ``content/demo/data`` into a running shop. Every step keeps what is there already."""
