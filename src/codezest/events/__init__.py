"""What services announce to one another: frozen types, one module per publishing service, carried by the outbox."""
