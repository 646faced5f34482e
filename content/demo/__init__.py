"""The demo shop Linnet & Loam: its data, its artwork and the tools that keep both in order."""
