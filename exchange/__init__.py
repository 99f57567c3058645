"""A telephone exchange in a box: speaks HTTP as Twilio does, so that a desk can be tried on its own."""
