"""The front: a small process that acknowledges what Slack posts, and hands every other caller on."""
