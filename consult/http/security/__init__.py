"""Who is the host, from where a request may come, how often one may guess."""
