"""Mixed models of many trials at once, where columns differ by sequence and visit alone."""
