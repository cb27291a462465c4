"""When a frame is made and for whom there is room: scheduler, gates, congestion, subscriber queues."""
