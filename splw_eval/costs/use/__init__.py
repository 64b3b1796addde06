"""Use of the practice and of hospitals, month by month from time zero."""
