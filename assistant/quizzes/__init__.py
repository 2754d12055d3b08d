"""Quiz items out of duties and provisions: made, checked, reviewed, asked, exported. Rules only."""
