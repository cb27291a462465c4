"""What whoever runs the server can watch: whether it can do its work, and its numbers. prometheus_client stops here."""
