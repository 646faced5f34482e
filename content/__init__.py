"""Editorial content: pages, blocks, menus, images and the brand of the shop."""
