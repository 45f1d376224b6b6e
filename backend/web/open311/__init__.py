"""Open311 GeoReport v2 over the use cases of the chat (https://wiki.open311.org/GeoReport_v2/)."""
