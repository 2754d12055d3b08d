"""The Slack door: events written down, acknowledged, then worked on."""
