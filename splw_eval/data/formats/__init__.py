"""One reader for each kind of file: its bytes in, a sheet or a finding out."""
