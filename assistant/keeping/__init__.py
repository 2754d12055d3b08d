"""What is kept until a day: who is told when it is over, and what they may do then."""
