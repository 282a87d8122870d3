"""Rules of sending: segments, gateways' health, which one sends, when a send is tried again, why it failed."""
