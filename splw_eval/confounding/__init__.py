"""Groups made fit to be compared, and compared with few practices."""
