"""What services announce to one another: frozen types, one module or package per publishing service, carried by the outbox."""
