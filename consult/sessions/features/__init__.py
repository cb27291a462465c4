"""What people do in a consult, feature by feature; `table.py` registers them."""
