"""What authors do. Every function loads and authorises through `policies.authoring`."""
