"""Questions: asked, handed to a person, approved as an answer for all, judged by who asked."""
