"""The doors: HTTP, WebSocket and WebRTC on the outside, one live session behind each."""
