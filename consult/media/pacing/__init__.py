"""When a frame is made and who has capacity for it: scheduler, gates, congestion, subscriber queues."""
