"""Notices: what a person is told, unread until they have seen it, live over the stream of events."""
