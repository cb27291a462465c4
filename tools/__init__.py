"""What developers run by hand: generators and set-up."""
