"""The generator of the demo shop's artwork: every picture is drawn here and rasterised once."""
