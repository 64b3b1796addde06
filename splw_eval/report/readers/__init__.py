"""Pages of the readers who do not want everything: commissioners, and the public."""
